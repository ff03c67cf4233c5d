import { describeSeconds } from '../config/duration.ts';
import type { Estimate } from '../model/estimate.ts';
import { isFinished, type Status } from '../model/status.ts';

/** How far an unfinished run is, each part as far as it is known. */
export interface RunProgress {
  /** From 0 to 1. */
  fraction?: number;
  /** `50 %`. */
  percent?: string;
  /** `42 of 83`. */
  count?: string;
  /** `about 8 h 49 min left`, `5 min longer than expected (by the last good run)`. */
  timeLeft?: string;
}

export function progressOf(status: Status, now: Date): RunProgress {
  if (isFinished(status)) return {};
  const { progress, estimate } = status;
  return {
    ...(progress && { fraction: progress.fraction, percent: `${Math.floor(progress.fraction * 100)} %` }),
    ...(progress?.total !== undefined && { count: `${progress.done} of ${progress.total}` }),
    ...(estimate && { timeLeft: timeLeft(estimate, now) }),
  };
}

function timeLeft({ finishAt, basis }: Estimate, now: Date): string {
  const seconds = (Date.parse(finishAt) - now.getTime()) / 1000;
  const by = basis === 'progress' ? '' : ' (by the last good run)';
  if (seconds < 0) return `${describeSeconds(-seconds)} longer than expected${by}`;
  return `about ${describeSeconds(coarse(seconds))} left${by}`;
}

/** An estimate is not good to the second. */
function coarse(seconds: number): number {
  return seconds < 120 ? seconds : Math.round(seconds / 60) * 60;
}
