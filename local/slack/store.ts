import { appendFileSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BotParts, Payload, SlackMessage } from './message.ts';

/** The channel's messages, oldest first, each a line of `messages.jsonl`: it is on disk before Slack's `ok` is sent. */
export class MessageStore {
  readonly #path: string;
  readonly messages: SlackMessage[];

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.messages = readLines(path);
  }

  get(ts: string): SlackMessage | undefined {
    return this.messages.find((message) => message.ts === ts);
  }

  /** Replaces what a message says; undefined where there is none. An edit is a line of the file as well. */
  edit(ts: string, payload: Payload): SlackMessage | undefined {
    const message = this.get(ts);
    if (!message) return undefined;
    const { thread_ts, isBroadcast } = message;
    const edited: SlackMessage = {
      ...payload,
      ts,
      isEdited: true,
      ...(thread_ts && { thread_ts }),
      ...(isBroadcast && { isBroadcast }),
    };
    appendFileSync(this.#path, `${JSON.stringify(edited)}\n`);
    this.messages.splice(this.messages.indexOf(message), 1, edited);
    return edited;
  }

  add(payload: Payload & BotParts, at: Date): SlackMessage {
    const message = { ...payload, ts: this.#nextTs(at) };
    appendFileSync(this.#path, `${JSON.stringify(message)}\n`);
    this.messages.push(message);
    return message;
  }

  /** The time in Slack's form, one microsecond after the message before where the clock has not moved on. */
  #nextTs(at: Date): string {
    const micros = BigInt(at.getTime()) * 1000n;
    const last = BigInt((this.messages.at(-1)?.ts ?? '0').replace('.', ''));
    const digits = String(micros > last ? micros : last + 1n);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }
}

/** The whole lines of the file. A kill in the middle of an append left a last line without its end: it was never accepted. */
function readLines(path: string): SlackMessage[] {
  const bytes = readOrEmpty(path);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) truncateSync(path, end);
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const messages = lines.map((line) => JSON.parse(line) as SlackMessage);
  // A later line of the same message is its edit, and takes the place of the first.
  return [...new Map(messages.map((message) => [message.ts, message])).values()];
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
