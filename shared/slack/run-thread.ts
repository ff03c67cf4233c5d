import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { slackThreadName, statusName } from '../model/layout.ts';
import { isFinished, type Status, statusSchema } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { readIfValid, toText } from '../records/documents.ts';
import { slackErrorCode } from './bot-errors.ts';
import { slackMessage } from './message.ts';
import type { SlackMessage } from './slack-message.ts';

/** The message was deleted, or can no longer be edited (https://docs.slack.dev/reference/methods/chat.update#errors). */
const GONE = ['message_not_found', 'thread_not_found', 'edit_window_closed', 'cant_update_message'];

/** `runs/<runId>/slack.json`: the run's message. With `ended`, the message shows the result and keeps showing it. */
const recordSchema = z.object({ channel: z.string(), ts: z.string(), ended: z.literal(true).optional() });
type MessageRecord = z.output<typeof recordSchema>;

/** A run's one message in a channel, which always shows where the run stands, and the thread below it. */
export class RunThread {
  readonly #client: WebClient;
  readonly #objects: ObjectStore;
  readonly #runId: string;

  constructor(client: WebClient, objects: ObjectStore, runId: string) {
    this.#client = client;
    this.#objects = objects;
    this.#runId = runId;
  }

  /** Edits the message of an unfinished run, which notifies nobody. Does nothing where the run has no message yet. */
  async show(message: SlackMessage): Promise<void> {
    const record = await this.#read();
    if (record && !record.ended) await this.#edit(record, message);
  }

  /** Posts an event: the run's first message, or an edit of it and a reply in its thread. Returns where the thread is. */
  async post(channel: string, message: SlackMessage, isEnd: boolean): Promise<MessageRecord> {
    const record = await this.#read();
    const updated = record && (await this.#update(record, message, isEnd));
    if (updated) return updated;
    const created = await this.#begin(channel, message, isEnd);
    if (record) await this.#objects.put(this.#name, toText(created));
    else await this.#objects.create(this.#name, toText(created));
    return created;
  }

  get #name(): string {
    return slackThreadName(this.#runId);
  }

  #read(): Promise<MessageRecord | undefined> {
    return readIfValid(this.#objects, this.#name, recordSchema);
  }

  async #begin(channel: string, message: SlackMessage, isEnd: boolean): Promise<MessageRecord> {
    const { channel: id = channel, ts = '' } = await this.#client.chat.postMessage({ channel, ...message });
    return { channel: id, ts, ...(isEnd && { ended: true as const }) };
  }

  /** Undefined where the message is gone: the run then needs a new one. */
  async #update(
    record: MessageRecord,
    message: SlackMessage,
    isEnd: boolean,
  ): Promise<MessageRecord | undefined> {
    const updated = { ...record, ...(isEnd && { ended: true as const }) };
    const place = { channel: record.channel, thread_ts: record.ts };
    try {
      if (record.ended && !isEnd) {
        await this.#client.chat.postMessage({ ...place, ...message });
        return record;
      }
      // Recorded before the edit: a late event of another function must not replace the result.
      if (isEnd && !record.ended) await this.#objects.put(this.#name, toText(updated));
      await this.#edit(updated, message);
      // The result appears in the channel as well, because editing a message notifies nobody.
      const reply = { ...place, text: message.text };
      await this.#client.chat.postMessage(isEnd ? { ...reply, reply_broadcast: true } : reply);
      return updated;
    } catch (error) {
      if (GONE.includes(slackErrorCode(error) ?? '')) return undefined;
      throw error;
    }
  }

  /** If another function posted the result in the meantime, restores it (without the end of the log). */
  async #edit({ channel, ts, ended }: MessageRecord, message: SlackMessage): Promise<void> {
    await this.#client.chat.update({ channel, ts, ...message });
    if (ended || !(await this.#read())?.ended) return;
    const status = await readIfValid(this.#objects, statusName(this.#runId), statusSchema);
    if (!status || !isFinished(status)) return;
    const result = slackMessage({ event: 'finished', status, logTail: [], resend: false });
    await this.#client.chat.update({ channel, ts, ...result });
  }
}

/** A chart of a finished run below its message. Returns silently where it cannot be drawn or sent: the message says everything. */
export async function addPicture(
  client: WebClient,
  { channel, ts }: { channel: string; ts: string },
  status: Status,
  draw: ((status: Status) => Promise<Buffer | undefined>) | undefined,
): Promise<void> {
  try {
    const file = await draw?.(status);
    if (!file) return;
    await client.filesUploadV2({
      channel_id: channel,
      thread_ts: ts,
      file,
      filename: `${status.runId}.png`,
      title: 'Processors and memory',
      alt_text: `Processors and memory of ${status.target} over time`,
    });
  } catch {
    // The notification is delivered already, and the report has the same chart.
  }
}
