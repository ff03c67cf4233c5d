import { TransientError } from '../errors.ts';
import type { Notification } from '../model/notification.ts';
import type { Delivery, Notifier } from '../ports/notifier.ts';
import { slackMessage } from './message.ts';
import { webhookUrl } from './webhook-file.ts';

const TIMEOUT_MS = 10_000;

/**
 * Slack's incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). Its URL is a secret: it is
 * read from a mounted file when it is needed, and never appears in an error.
 */
export function webhookNotifier(urlFile: string | undefined): Notifier {
  return {
    async notify(notification) {
      const url = await readUrl(urlFile);
      if (url) return send(url, notification);
      return {
        delivered: false,
        refused: 'No Slack webhook is configured. Set one: vicinity deploy secret.',
      };
    },
  };
}

async function send(url: string, notification: Notification): Promise<Delivery> {
  // Not loaded by the many events that tell nobody.
  const { IncomingWebhook, IncomingWebhookHTTPError } = await import('@slack/webhook');
  try {
    const webhook = new IncomingWebhook(url, { timeout: TIMEOUT_MS });
    await webhook.send(slackMessage(notification));
    return { delivered: true };
  } catch (error) {
    if (!(error instanceof IncomingWebhookHTTPError)) {
      throw new TransientError('Slack cannot be reached. Tried again later.', { cause: error });
    }
    const { statusCode, body } = error;
    const answer = `Slack answered ${statusCode} ${body.slice(0, 100)}`;
    if (statusCode === 429 || statusCode >= 500) throw new TransientError(`${answer}. Tried again later.`);
    return {
      delivered: false,
      refused: `${answer}. Check the webhook and its channel; set a new one if need be.`,
    };
  }
}

/** A secret that is not mounted yet may be there later. */
async function readUrl(file: string | undefined): Promise<string | undefined> {
  try {
    return await webhookUrl(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new TransientError(
      `The Slack webhook's secret ${file} cannot be read (${reason}). Mount it. Tried again later.`,
    );
  }
}
