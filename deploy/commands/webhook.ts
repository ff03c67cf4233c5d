import { InvalidError, NotFoundError } from '../../shared/errors.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { DeployCall, DeployExit } from '../../shared/ports/deploy-program.ts';
import { isBotToken } from '../../shared/slack/secret.ts';
import { replaceSecret, secretsClient } from '../google/secret.ts';
import { connectionOf } from '../project-table.ts';
import { WEBHOOK_SECRET } from '../table/names.ts';

/** Slack's own, or one on this machine. */
const WEBHOOK = /^https:\/\/[^\s/]+\/\S+$|^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/\S+$/;

/** Puts the webhook's URL, or a bot's token, into Secret Manager. It is shown nowhere, not even where it is wrong. */
export async function setWebhook(call: DeployCall, value: string): Promise<DeployExit> {
  const { config, screen, json } = call;
  if (!WEBHOOK.test(value) && !isBotToken(value)) {
    throw new InvalidError([
      {
        field: 'standard input',
        problem: "is no webhook URL such as https://hooks.slack.com/services/…, and no bot's token (xoxb-…)",
        remedy: 'Copy it from the Slack app: Incoming Webhooks, or OAuth & Permissions.',
      },
    ]);
  }
  const secret = `projects/${config.project}/secrets/${WEBHOOK_SECRET}`;
  try {
    await replaceSecret(secretsClient(connectionOf(call)), secret, value);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new NotFoundError(`There is no ${secret} yet. Make it with vicinity deploy apply, then repeat.`, {
      cause: error,
    });
  }
  if (json) screen.json({ secret } satisfies Output<'secret'>);
  else screen.data(`The secret is in ${secret}. Running functions see it within minutes.`);
  return 0;
}
