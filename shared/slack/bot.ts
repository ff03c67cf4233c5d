import { ErrorCode, type WebAPICallError, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { slackThreadName, statusName } from '../model/layout.ts';
import type { Notification } from '../model/notification.ts';
import { isFinished, type Status, statusSchema } from '../model/status.ts';
import type { Delivery } from '../ports/notifier.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { readIfValid, toText } from '../records/documents.ts';
import { slackMessage } from './message.ts';
import { running } from './running.ts';
import type { SlackMessage } from './slack-message.ts';

export interface BotOptions {
  token: string;
  /** Id or name of the channel; undefined: none is configured. */
  channel: string | undefined;
  /** Base URL of Slack's API, where it is not Slack's own. */
  apiUrl?: string | undefined;
  /** Where the message of a run is noted, so that it can be edited. */
  objects: ObjectStore;
  /** A picture of a finished run, as PNG; undefined where there is nothing to show, or no means to draw it. */
  picture?(status: Status): Promise<Buffer | undefined>;
}

/** How it went; `passing` is what may go better later. This module is bundled apart, so no error class of others can be thrown here. */
export type BotDelivery = Delivery | { passing: string; cause: unknown };

const TIMEOUT_MS = 10_000;
/** Errors of Slack's own that pass (https://docs.slack.dev/reference/methods/chat.postMessage#errors). */
const PASSING = [
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
];

/** The message was deleted, or is too old to be edited here (https://docs.slack.dev/reference/methods/chat.update#errors). */
const GONE = ['message_not_found', 'thread_not_found', 'edit_window_closed', 'cant_update_message'];

/** `runs/<runId>/slack.json`: the message of a run. Once the end has been told, it goes on showing the end. */
const threadSchema = z.object({ channel: z.string(), ts: z.string(), ended: z.literal(true).optional() });
type Thread = z.output<typeof threadSchema>;

/**
 * Tells an event with a bot's token. A run has one message, which always shows where it stands; its thread has what happened, one
 * after the other, and the picture. The end is shown in the channel as well, since an edited message calls nobody.
 */
export async function sendByBot(options: BotOptions, notification: Notification): Promise<BotDelivery> {
  const { channel } = options;
  if (!channel)
    return {
      delivered: false,
      refused: 'A bot needs a channel: set slack.channel in vicinity.yaml, and deploy.',
    };
  const client = clientOf(options);
  try {
    if ('status' in notification) await postToThread(client, channel, options, notification);
    else await client.chat.postMessage({ channel, ...slackMessage(notification) });
    return { delivered: true };
  } catch (error) {
    return refusalOf(error, channel);
  }
}

/** Edits the message of a run that goes on, if it has one: by that nobody is called. */
export async function showByBot(options: BotOptions, status: Status): Promise<void> {
  const thread = await readIfValid(options.objects, slackThreadName(status.runId), threadSchema);
  if (thread && !thread.ended) await edit(clientOf(options), options, status.runId, thread, running(status));
}

function clientOf({ token, apiUrl }: BotOptions): WebClient {
  return new WebClient(token, {
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(apiUrl && { slackApiUrl: apiUrl }),
  });
}

type RunNotification = Extract<Notification, { status: Status }>;

async function postToThread(
  client: WebClient,
  channel: string,
  options: BotOptions,
  notification: RunNotification,
): Promise<void> {
  const { objects } = options;
  const { runId } = notification.status;
  const message = slackMessage(notification);
  const isEnd = notification.event === 'finished';
  const name = slackThreadName(runId);
  const known = await readIfValid(objects, name, threadSchema);
  let thread = known && (await goOn(client, options, runId, known, message, isEnd));
  if (!thread) {
    thread = await begin(client, channel, message, isEnd);
    if (known) await objects.put(name, toText(thread));
    else await objects.create(name, toText(thread));
  }
  if (isEnd) await addPicture(client, thread, options, notification.status);
}

/** Edits the run's message and adds to its thread. Undefined where that cannot be done any more: the run needs another message. */
async function goOn(
  client: WebClient,
  options: BotOptions,
  runId: string,
  thread: Thread,
  message: SlackMessage,
  isEnd: boolean,
): Promise<Thread | undefined> {
  const noted = { ...thread, ...(isEnd && { ended: true as const }) };
  try {
    if (thread.ended && !isEnd) {
      await reply(client, thread, message.text, { blocks: message.blocks });
      return thread;
    }
    // Before the message is edited: what another function tells late must not take the end's place.
    if (isEnd && !thread.ended) await options.objects.put(slackThreadName(runId), toText(noted));
    await edit(client, options, runId, noted, message);
    await reply(client, thread, message.text, { isBroadcast: isEnd });
    return noted;
  } catch (error) {
    if (GONE.includes(slackError(error) ?? '')) return undefined;
    throw error;
  }
}

async function begin(
  client: WebClient,
  channel: string,
  message: SlackMessage,
  isEnd: boolean,
): Promise<Thread> {
  const { channel: id = channel, ts = '' } = await client.chat.postMessage({ channel, ...message });
  return { channel: id, ts, ...(isEnd && { ended: true as const }) };
}

/** Whoever finds that another function has told the end meanwhile puts the end back, without the lines of its log. */
async function edit(
  client: WebClient,
  { objects }: BotOptions,
  runId: string,
  { channel, ts, ended }: Thread,
  message: SlackMessage,
): Promise<void> {
  await client.chat.update({ channel, ts, ...message });
  if (ended || !(await readIfValid(objects, slackThreadName(runId), threadSchema))?.ended) return;
  const status = await readIfValid(objects, statusName(runId), statusSchema);
  if (!status || !isFinished(status)) return;
  const end = slackMessage({ event: 'finished', status, logTail: [], resend: false });
  await client.chat.update({ channel, ts, ...end });
}

function reply(
  client: WebClient,
  { channel, ts }: Thread,
  text: string,
  { isBroadcast = false, blocks }: { isBroadcast?: boolean; blocks?: SlackMessage['blocks'] },
) {
  const message = { channel, thread_ts: ts, text, ...(blocks && { blocks }) };
  return client.chat.postMessage(isBroadcast ? { ...message, reply_broadcast: true } : message);
}

/** A picture that cannot be drawn or sent is left out: the message has said everything. */
async function addPicture(
  client: WebClient,
  thread: Thread,
  { picture }: BotOptions,
  status: Status,
): Promise<void> {
  try {
    const file = await picture?.(status);
    if (!file) return;
    await client.filesUploadV2({
      channel_id: thread.channel,
      thread_ts: thread.ts,
      file,
      filename: `${status.runId}.png`,
      title: 'Processors and memory',
      alt_text: `Processors and memory of ${status.target} over time`,
    });
  } catch {
    // Told already; the report has the same chart.
  }
}

/** Slack's own error; undefined where it did not answer. */
function slackError(error: unknown): string | undefined {
  const { code, data } = error as WebAPICallError & { data?: { error?: string } };
  return code === ErrorCode.PlatformError ? (data?.error ?? 'unknown_error') : undefined;
}

function refusalOf(error: unknown, channel: string): BotDelivery {
  const said = slackError(error);
  if (said === undefined || PASSING.includes(said))
    return {
      passing: `Slack cannot be reached${said ? ` (${said})` : ''}.`,
      cause: error,
    };
  const remedy = 'Check the token, its scopes (chat:write, files:write), and that the bot is in the channel.';
  return { delivered: false, refused: `Slack answered ${said} for ${channel}. ${remedy}` };
}
