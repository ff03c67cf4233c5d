import type { Sink } from '../context/host.ts';
import { neutralize } from './neutralize.ts';

const ERASE_LINE = '\r\u001b[2K';
const REDRAW_MS = 100;
const DEFAULT_COLUMNS = 80;

/** One line on a terminal that is redrawn in place. Draws nothing where the sink is not a terminal. */
export class LiveLine {
  readonly #sink: Sink;
  readonly #now: () => number;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isShown = false;

  /** `now` in milliseconds. */
  constructor(sink: Sink, now: () => number) {
    this.#sink = sink;
    this.#now = now;
  }

  /** Draws the line, at most every tenth of a second. */
  draw(text: string): void {
    if (!this.#sink.isTTY || this.#now() - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = this.#now();
    this.#isShown = true;
    const width = (this.#sink.columns || DEFAULT_COLUMNS) - 1;
    this.#sink.write(`${ERASE_LINE}${neutralize(text.slice(0, width))}`);
  }

  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#drawnAt = Number.NEGATIVE_INFINITY;
    this.#sink.write(ERASE_LINE);
  }
}
