/** Stands in every planted secret. Where it is seen outside the bucket's results, a secret has got out. */
const MARK = 'PLANTED';

/** Secrets in the shapes of real ones, put together here so that no scanner takes them for such. */
export const SECRETS = {
  webhook: ['https://hooks.slack.com', 'services', 'T024BE7LD', 'B024BE7LH', MARK].join('/'),
  slackToken: ['xoxb', '123456789012', MARK].join('-'),
  password: `DB_PASSWORD=${MARK}`,
  privateKey: [
    ['-----BEGIN', 'PRIVATE KEY-----'].join(' '),
    `MIIEvQIBADANBgkqhkiG9w0BAQEFAASC${MARK}`,
    `${MARK}Cg==`,
    ['-----END', 'PRIVATE KEY-----'].join(' '),
  ].join('\n'),
} as const;

/** What a job prints that should not: the end of build.log and of the serial console. */
export const TALKATIVE_LOG = [
  'make: Entering directory',
  `export ${SECRETS.password}`,
  SECRETS.privateKey,
  `curl -X POST ${SECRETS.webhook}`,
  `slack: token=${SECRETS.slackToken} refused`,
  'make: *** [all] Error 2',
  '',
].join('\n');

export function holdsSecret(text: string): boolean {
  return text.includes(MARK);
}
