import { triedAgainLater } from '../errors.ts';
import type { Notification } from '../model/notification.ts';
import type { Delivery } from '../ports/notifier.ts';
import { slackMessage } from './message.ts';

const TIMEOUT_MS = 10_000;

/** Posts an event as a message of its own through an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export async function sendByWebhook(url: string, notification: Notification): Promise<Delivery> {
  // Loaded on demand: most events notify nobody.
  const { IncomingWebhook, IncomingWebhookHTTPError } = await import('@slack/webhook');
  try {
    const webhook = new IncomingWebhook(url, { timeout: TIMEOUT_MS });
    await webhook.send(slackMessage(notification));
    return { delivered: true };
  } catch (error) {
    if (!(error instanceof IncomingWebhookHTTPError)) {
      throw triedAgainLater('Slack is unavailable.', { cause: error });
    }
    const { statusCode, body } = error;
    const answer = `Slack answered ${statusCode} ${body.slice(0, 100)}`;
    if (statusCode === 429 || statusCode >= 500) throw triedAgainLater(`${answer}.`);
    return {
      delivered: false,
      refused: `${answer}. Check the webhook and its channel; set a new one with vicinity deploy secret.`,
    };
  }
}
