import { secretsClient } from '../google/secret.ts';
import { ignoreNotFound } from '../google/with-deadline.ts';
import { WEBHOOK_SECRET } from '../table/names.ts';
import type { Check } from './checks.ts';

/** apply stores a placeholder as the first version. The doctor does not read the value. */
const PLACEHOLDER = '1';

export const checkWebhook: Check = async ({ connection, call: { config } }) => {
  const subject = 'Slack webhook';
  const name = `projects/${config.project}/secrets/${WEBHOOK_SECRET}/versions/latest`;
  const client = secretsClient(connection);
  const found = await ignoreNotFound('read the versions of the webhook', () =>
    client.getSecretVersion({ name }),
  );
  const version = found?.[0].name?.split('/').at(-1);
  if (version && version !== PLACEHOLDER) return [{ subject, fine: `is set (version ${version})` }];
  return [
    {
      subject,
      problem: 'is not set: nobody is notified when a run ends',
      remedy: 'vicinity deploy secret < webhook.txt',
    },
  ];
};
