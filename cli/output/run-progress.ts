import { describeSeconds } from '../../shared/config/duration.ts';
import type { Estimate } from '../../shared/model/estimate.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import { bar } from '../../shared/text/bar.ts';

const BAR_CELLS = 20;

/** `██████░░░░ 51 %, 42 of 83, about 3 h left`, the bar on a terminal only; undefined where nothing is known. */
export function runProgress(status: Status, now: Date, isTerminal: boolean): string | undefined {
  if (isFinished(status)) return undefined;
  const { progress, estimate } = status;
  const parts = [
    progress && `${isTerminal ? `${bar(progress.fraction, BAR_CELLS)} ` : ''}${percent(progress.fraction)}`,
    progress?.total !== undefined && `${progress.done} of ${progress.total}`,
    estimate && timeLeft(estimate, now),
  ];
  return parts.filter(Boolean).join(', ') || undefined;
}

function percent(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`;
}

function timeLeft({ finishAt, basis }: Estimate, now: Date): string {
  const seconds = (Date.parse(finishAt) - now.getTime()) / 1000;
  const by = basis === 'progress' ? '' : ', by the last good run';
  if (seconds < 0) return `${describeSeconds(-seconds)} longer than expected${by}`;
  return `about ${describeSeconds(coarse(seconds))} left${by}`;
}

/** An estimate is not good to the second. */
function coarse(seconds: number): number {
  return seconds < 120 ? seconds : Math.round(seconds / 60) * 60;
}
