import { appendFileSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Payload, SlackMessage } from './message.ts';

/** The channel's messages, oldest first, each a line of `messages.jsonl`: it is on disk before Slack's `ok` is sent. */
export class MessageStore {
  readonly #path: string;
  readonly messages: SlackMessage[];

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.messages = readLines(path);
  }

  add(payload: Payload, at: Date): SlackMessage {
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
  return lines.map((line) => JSON.parse(line) as SlackMessage);
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
