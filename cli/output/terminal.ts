import { StringDecoder } from 'node:string_decoder';
import type { Host } from '../context/host.ts';
import { isColoured, type Paint, painter } from './colour.ts';
import { LiveLine } from './live-line.ts';
import { neutralize } from './neutralize.ts';

const ESCAPE = '\u001b';
const RESET = `${ESCAPE}[0m`;

/** Output of a command: data to stdout, messages to stderr, and a live line on a terminal. */
export class Terminal {
  readonly #host: Host;
  /** A character may begin in one part of a log and end in the next. */
  readonly #decoder = new StringDecoder('utf8');
  /** Redrawn in place; nothing is drawn unless stderr is a terminal. */
  readonly live: LiveLine;
  /** For data. */
  readonly paint: Paint;
  /** Whether data goes to a terminal. */
  readonly isTerminal: boolean;
  /** For messages. */
  readonly paintMessage: Paint;

  constructor(host: Host) {
    this.#host = host;
    this.live = new LiveLine(host.stderr, () => host.clock.now().getTime());
    this.isTerminal = host.stdout.isTTY === true;
    this.paint = painter(isColoured(host.env, host.stdout));
    this.paintMessage = painter(isColoured(host.env, host.stderr));
  }

  /** Width of a table: that of the terminal; unlimited for a file or a pipe. */
  get columns(): number {
    const { isTTY, columns } = this.#host.stdout;
    return isTTY && columns ? columns : Number.POSITIVE_INFINITY;
  }

  /** Data: one line, or bytes as they are. */
  data(data: string | Uint8Array): void {
    this.live.clear();
    if (typeof data === 'string') this.#host.stdout.write(`${this.isTerminal ? neutralize(data) : data}\n`);
    else this.#host.stdout.write(this.isTerminal ? this.#shown(data) : data);
  }

  /** Bytes for a person to read. A rendition that they leave on ends with them. */
  #shown(bytes: Uint8Array): string {
    const text = neutralize(this.#decoder.write(Buffer.from(bytes)));
    return text.includes(ESCAPE) ? `${text}${RESET}` : text;
  }

  json(value: unknown): void {
    this.data(JSON.stringify(value, undefined, 2));
  }

  note(message: string): void {
    this.live.clear();
    this.#host.stderr.write(`${this.#host.stderr.isTTY ? neutralize(message) : message}\n`);
  }

  warn(message: string): void {
    this.finding('warning', message);
  }

  finding(level: 'error' | 'warning', message: string): void {
    this.note(`${this.paintMessage(level === 'error' ? 'red' : 'yellow', `${level}:`)} ${message}`);
  }
}
