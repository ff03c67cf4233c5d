import { SECRETS } from '../secrets.ts';

const MARKERS = ['BEGIN', 'END'].flatMap((word) => [
  `-----${word} RSA PRIVATE KEY-----`,
  `-----${word} `,
  `-----${word} PRIVATE `,
]);

/** Secrets, beginnings of secrets, and what is easily taken for one. Lines of logs are printable ASCII by then. */
export const FRAGMENTS = [
  ...Object.values(SECRETS),
  ...Object.values(SECRETS).map((secret) => secret.slice(0, -12)),
  ...MARKERS,
  ...['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw', 'Proc-Type: 4,ENCRYPTED', 'A', 'A!', 'PRIVATE KEY', '-----'],
  ...[
    'DB_PASSWORD=',
    'api-key: ',
    'Token=',
    'token-',
    'secret',
    'token="',
    "token='",
    'token =',
    'a=',
    '=: ',
  ],
  ...[
    'eyJ',
    'eyJ-',
    'eyJ.',
    'eyJaaaaaaaaaa',
    '.',
    'xoxb-',
    'ya29.',
    'AIza',
    'ghp_',
    'AKIA',
    'https://hooks.slack.com/',
  ],
  ...['"', "'", ' ', '  \t', '\n', '\n\n', ' \n', '\t', '=', '-', 'make: *** [all] Error 2', 'rows', '\\n'],
];
