import { WebClient } from '@slack/web-api';
import type { Notification } from '../model/notification.ts';
import type { Status } from '../model/status.ts';
import type { Delivery } from '../ports/notifier.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { isTransient, slackErrorCode } from './bot-errors.ts';
import { slackMessage } from './message.ts';
import { addPicture, RunThread } from './run-thread.ts';
import { running } from './running.ts';

export interface BotOptions {
  token: string;
  /** Id or name of the channel; undefined where none is configured. */
  channel: string | undefined;
  /** Base URL of the Slack API, if not Slack's own. */
  apiUrl?: string | undefined;
  /** Where the message of a run is recorded, so that it can be edited. */
  objects: ObjectStore;
  /** A chart of a finished run as PNG; undefined where there is no data. */
  picture?(status: Status): Promise<Buffer | undefined>;
}

/** A delivery, or a transient failure. A result rather than an error: this module is bundled separately, so the caller could not recognise its error classes. */
export type BotDelivery = Delivery | { transient: string; cause: unknown };

const TIMEOUT_MS = 10_000;

/**
 * Sends a notification with a bot token (https://docs.slack.dev/reference/methods/chat.postMessage). A run has one message, which
 * always shows where the run stands; its thread lists the events and ends with a chart. The result is broadcast to the channel.
 */
export async function sendByBot(options: BotOptions, notification: Notification): Promise<BotDelivery> {
  const { channel } = options;
  if (!channel)
    return {
      delivered: false,
      refused:
        'The Slack bot has no channel. Set slack.channel in vicinity.yaml, then run vicinity deploy apply.',
    };
  const client = clientOf(options);
  try {
    const message = slackMessage(notification);
    if ('status' in notification) {
      const { status, event } = notification;
      const thread = new RunThread(client, options.objects, status.runId);
      const place = await thread.post(channel, message, event === 'finished');
      if (event === 'finished') await addPicture(client, place, status, options.picture);
    } else await client.chat.postMessage({ channel, ...message });
    return { delivered: true };
  } catch (error) {
    return failureOf(error, channel);
  }
}

/** Edits the message of an unfinished run, if it has one. Editing a message notifies nobody. */
export async function showByBot(options: BotOptions, status: Status): Promise<void> {
  await new RunThread(clientOf(options), options.objects, status.runId).show(running(status));
}

function clientOf({ token, apiUrl }: BotOptions): WebClient {
  return new WebClient(token, {
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(apiUrl && { slackApiUrl: apiUrl }),
  });
}

function failureOf(error: unknown, channel: string): BotDelivery {
  const code = slackErrorCode(error);
  if (isTransient(code))
    return { transient: `Slack is unavailable${code ? ` (${code})` : ''}.`, cause: error };
  const remedy =
    'Check the token, its scopes (chat:write, files:write), and that the bot is a member of the channel.';
  return { delivered: false, refused: `Slack refused the message to ${channel} (${code}). ${remedy}` };
}
