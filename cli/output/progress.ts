import { describeSeconds } from '../../shared/config/duration.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import { bar } from '../../shared/text/bar.ts';
import type { Terminal } from './terminal.ts';

const BAR_CELLS = 24;

/** Shows progress, rate and remaining time of a transfer of `totalBytes`, on a terminal only. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #label: string;
  readonly #totalBytes: number;
  readonly #now: () => number;
  readonly #startedAt: number;
  #doneBytes = 0;

  constructor(terminal: Terminal, label: string, totalBytes: number, now: () => number) {
    this.#terminal = terminal;
    this.#label = label;
    this.#totalBytes = totalBytes;
    this.#now = now;
    this.#startedAt = now();
  }

  add(bytes: number): void {
    this.#doneBytes += bytes;
    const seconds = (this.#now() - this.#startedAt) / 1000;
    this.#terminal.live.draw(progressLine(this.#label, this.#doneBytes, this.#totalBytes, seconds));
  }

  end(): void {
    this.#terminal.live.clear();
  }
}

export function progressLine(label: string, done: number, total: number, seconds: number): string {
  const share = total > 0 ? Math.min(done / total, 1) : 1;
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 && done < total ? `, ${describeSeconds((total - done) / rate)} left` : '';
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `${label} ${bar(share, BAR_CELLS)} ${percent} %  ${describeBytes(done)} of ${describeBytes(total)}, ${describeBytes(rate)}/s${left}`;
}
