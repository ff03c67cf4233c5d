import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PublishedMessage } from './resources.ts';

/** A message that a subscription still owes its subscribers. */
export interface Entry {
  message: PublishedMessage;
  /** How often its delivery failed: nacks and passed ack deadlines. */
  failures: number;
}

/** One line of the file. `of` is a subscription's name. */
type Line =
  | { accepted: PublishedMessage; of: string[] }
  | { failed: string; of: string; failures: number }
  | { settled: string; of: string }
  | { dropped: true; of: string }
  | { lastId: number };

/** In place of a file descriptor. */
const CLOSED = -1;
const COMPACT_ABOVE_LINES = 10_000;
/** Rewriting pays when most lines are about messages that are settled. */
const LINES_PER_LIVE_ENTRY = 4;

/**
 * The undelivered messages on disk: lines are appended as things happen, and the file is rewritten without what is
 * settled when it is opened and now and then. Survives a kill of the process at any moment, not a crash of the machine.
 */
export class Journal {
  readonly #path: string;
  readonly #backlogs = new Map<string, Map<string, Entry>>();
  #lastId = 0;
  #file = CLOSED;
  #lines = 0;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    for (const line of readLines(path)) this.#apply(line);
    this.#compact();
  }

  /** Records that these subscriptions owe the message, before its publisher is answered. */
  accept(message: PublishedMessage, subscriptions: string[]): void {
    this.#append({ accepted: message, of: subscriptions });
  }

  fail(subscription: string, { message, failures }: Entry): void {
    this.#append({ failed: message.messageId, of: subscription, failures });
  }

  /** Acknowledged, dead-lettered or past its retention: the subscription owes the message no longer. */
  settle(subscription: string, messageId: string): void {
    this.#append({ settled: messageId, of: subscription });
    if (this.#lines > COMPACT_ABOVE_LINES && this.#lines > LINES_PER_LIVE_ENTRY * this.#live())
      this.#compact();
  }

  /** Forgets everything that the subscription owes. */
  drop(subscription: string): void {
    this.#append({ dropped: true, of: subscription });
  }

  /** The highest message id so far, also of messages that are settled: an id must never come back. */
  get lastId(): number {
    return this.#lastId;
  }

  /** What the subscription owes, in the order of publishing. */
  owedBy(subscription: string): Entry[] {
    return [...(this.#backlogs.get(subscription)?.values() ?? [])];
  }

  close(): void {
    if (this.#file !== CLOSED) closeSync(this.#file);
    this.#file = CLOSED;
  }

  #append(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    this.#lines += 1;
    this.#apply(line);
  }

  #apply(line: Line): void {
    if ('lastId' in line) {
      this.#lastId = line.lastId;
    } else if ('accepted' in line) {
      this.#lastId = Math.max(this.#lastId, Number(line.accepted.messageId));
      for (const subscription of line.of) this.#add(subscription, { message: line.accepted, failures: 0 });
    } else if ('failed' in line) {
      const entry = this.#backlogs.get(line.of)?.get(line.failed);
      if (entry) entry.failures = line.failures;
    } else if ('settled' in line) {
      this.#backlogs.get(line.of)?.delete(line.settled);
    } else {
      this.#backlogs.delete(line.of);
    }
  }

  #add(subscription: string, entry: Entry): void {
    const backlog = this.#backlogs.get(subscription) ?? new Map<string, Entry>();
    this.#backlogs.set(subscription, backlog.set(entry.message.messageId, entry));
  }

  #live(): number {
    return [...this.#backlogs.values()].reduce((sum, backlog) => sum + backlog.size, 0);
  }

  #compact(): void {
    const owed = [...this.#backlogs].flatMap(([of, backlog]) =>
      [...backlog.values()].flatMap((entry) => linesOf(of, entry)),
    );
    const lines: Line[] = [{ lastId: this.#lastId }, ...owed];
    const temporary = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(temporary, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    renameSync(temporary, this.#path);
    this.close();
    this.#file = openSync(this.#path, 'a');
    this.#lines = lines.length;
  }
}

function linesOf(of: string, { message, failures }: Entry): Line[] {
  const accepted = { accepted: message, of: [of] };
  return failures === 0 ? [accepted] : [accepted, { failed: message.messageId, of, failures }];
}

function readLines(path: string): Line[] {
  const lines = readText(path).split('\n');
  // What follows the last newline was being written when the process died: its publisher had no answer yet.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Line);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new Error(`Pub/Sub's journal ${path} cannot be read. Remove its folder to start afresh.`, {
      cause: error,
    });
  }
}
