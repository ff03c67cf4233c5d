import type { Host } from '../context/host.ts';
import { isColoured, type Paint, painter } from './colour.ts';
import { LiveLine } from './live-line.ts';

/** Where a command's words go: data to stdout, messages to stderr, and a line that is redrawn where a person looks on. */
export class Terminal {
  readonly #host: Host;
  /** Redrawn in place; silent unless stderr is a terminal. */
  readonly live: LiveLine;
  /** For data. */
  readonly paint: Paint;
  /** Where data goes to. */
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

  /** How wide a table may be: as the terminal; a file or a pipe takes all. */
  get columns(): number {
    const { isTTY, columns } = this.#host.stdout;
    return isTTY && columns ? columns : Number.POSITIVE_INFINITY;
  }

  /** Data: one line, or bytes as they are. */
  data(data: string | Uint8Array): void {
    this.live.clear();
    this.#host.stdout.write(typeof data === 'string' ? `${data}\n` : data);
  }

  json(value: unknown): void {
    this.data(JSON.stringify(value, undefined, 2));
  }

  note(message: string): void {
    this.live.clear();
    this.#host.stderr.write(`${message}\n`);
  }

  warn(message: string): void {
    this.finding('warning', message);
  }

  finding(level: 'error' | 'warning', message: string): void {
    this.note(`${this.paintMessage(level === 'error' ? 'red' : 'yellow', `${level}:`)} ${message}`);
  }
}
