import { describeSeconds } from '../../shared/config/duration.ts';
import { figuresOf } from '../../shared/history/facts.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import { labelOf, toneOf } from '../../shared/presentation/result.ts';
import { describeDollars } from '../../shared/pricing/costs.ts';

/** A run as a line of the list: what is shown is worded here, so that the page only places it. */
export interface RunRow {
  runId: string;
  target: string;
  word: string;
  tone: string;
  /** RFC 3339. */
  requestedAt: string;
  startedAt?: string | undefined;
  isFinished: boolean;
  time: string;
  cost: string;
  machine: string;
  outputs: string;
  by: string;
  reason: string;
}

export function runRow(status: Status): RunRow {
  const { runId, target, requestedAt, startedAt, requestedBy = '', reason = '' } = status;
  const figures = figuresOf(status);
  return {
    runId,
    target,
    word: labelOf(status),
    tone: toneOf(status),
    requestedAt,
    startedAt,
    isFinished: isFinished(status),
    time: figures.seconds === undefined ? '' : describeSeconds(figures.seconds),
    cost: figures.dollars === undefined ? '' : describeDollars(figures.dollars),
    machine: figures.machineType ?? '',
    outputs: figures.outputBytes ? describeBytes(figures.outputBytes) : '',
    by: requestedBy,
    reason,
  };
}
