import type { protos } from '@google-cloud/compute';
import { TransientError, triedAgainLater } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { PASSING_FAILURES } from '../ports/instance.ts';

export type Operation = protos.google.cloud.compute.v1.IOperation;

export interface Waiting {
  clock: Clock;
  deadlineMs: number;
  /** What is said where it is not done by then. */
  late: (operation: Operation) => string;
  /** One call of the API's `wait`. The server holds it for up to two minutes: it is the backoff. */
  wait: (name: string) => Promise<Operation>;
}

/** The operation of Compute Engine once it is DONE. Throws TransientError where that takes too long. */
export async function untilDone(
  started: Operation,
  { clock, deadlineMs, late, wait }: Waiting,
): Promise<Operation> {
  const deadline = clock.now().getTime() + deadlineMs;
  let operation = started;
  // The REST client gives the enum's name, the type says that it may be its number (2104194).
  while (operation.status !== 'DONE') {
    if (clock.now().getTime() > deadline) throw new TransientError(late(operation));
    operation = await wait(operation.name ?? '');
  }
  return operation;
}

/** Throws what a finished operation failed with: TransientError where that passes. */
export function throwFailure(subject: string, { error }: Operation): void {
  const [failure] = error?.errors ?? [];
  if (!failure) return;
  const message = `${subject}: ${failure.message} (${failure.code})`;
  if (PASSING_FAILURES.has(failure.code ?? '')) throw triedAgainLater(`${message}.`, { cause: failure });
  throw new Error(message, { cause: failure });
}
