import { InvalidError, NotFoundError } from '../../shared/errors.ts';
import type { DeployCall, DeployExit } from '../../shared/ports/deploy-program.ts';
import { replaceSecret, secretsClient } from '../google/secret.ts';
import { connectionOf } from '../project-table.ts';
import { WEBHOOK_SECRET } from '../table/names.ts';

/** Slack's own, or one on this machine; or a bot's token. */
const WEBHOOK = /^https:\/\/[^\s/]+\/\S+$|^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/\S+$|^xoxb-[\w-]+$/;

/** Puts the webhook's URL into Secret Manager. It is shown nowhere, not even where it is wrong. */
export async function setWebhook(call: DeployCall, url: string): Promise<DeployExit> {
  const { config, screen, json } = call;
  if (!WEBHOOK.test(url)) {
    throw new InvalidError([
      {
        field: 'standard input',
        problem: 'is no webhook URL such as https://hooks.slack.com/services/…',
        remedy: 'Copy it from the Slack app, under Incoming Webhooks.',
      },
    ]);
  }
  const secret = `projects/${config.project}/secrets/${WEBHOOK_SECRET}`;
  try {
    await replaceSecret(secretsClient(connectionOf(call)), secret, url);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new NotFoundError(`There is no ${secret} yet. Make it with vicinity deploy apply, then repeat.`, {
      cause: error,
    });
  }
  if (json) screen.json({ secret });
  else screen.data(`The webhook is in ${secret}. Running functions see it within minutes.`);
  return 0;
}
