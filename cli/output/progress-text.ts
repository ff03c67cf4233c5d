import type { Status } from '../../shared/model/status.ts';
import { progressOf } from '../../shared/presentation/progress.ts';
import { bar } from '../../shared/text/bar.ts';

/** `██████░░░░ 51 %, 42 of 83, about 3 h left`, with a bar of `cells` characters; undefined where nothing is known. */
export function progressText(status: Status, now: Date, cells: number): string | undefined {
  const { fraction, percent, count, timeLeft } = progressOf(status, now);
  const bars = fraction !== undefined && cells > 0 ? `${bar(fraction, cells)} ` : '';
  return [percent && `${bars}${percent}`, count, timeLeft].filter(Boolean).join(', ') || undefined;
}
