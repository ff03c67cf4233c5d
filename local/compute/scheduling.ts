import { invalid, notImplemented } from '../http/api-error.ts';
import type { Scheduling } from './instance.ts';

/** `maxRunDuration` (https://cloud.google.com/compute/docs/instances/limit-vm-runtime#restrictions). */
const SHORTEST_SECONDS = 30;
const MAX_SECONDS = 120 * 24 * 3600;

/** Scheduling as a client writes it: every field may be absent, and int64 may come as a number. */
export interface SchedulingBody extends Partial<Omit<Scheduling, 'maxRunDuration'>> {
  maxRunDuration?: { seconds?: string | number; nanos?: number };
  terminationTime?: string;
}

/** The scheduling that a body asks for, with the API's defaults. It replaces the whole of what was. */
export function checkedScheduling(body: SchedulingBody = {}): Scheduling {
  if (body.terminationTime !== undefined) throw notImplemented('scheduling.terminationTime');
  const isSpot = body.provisioningModel === 'SPOT' || body.preemptible === true;
  if (isSpot && body.automaticRestart === true)
    throw invalid('Scheduling must have automaticRestart be false when preemptible is true.');
  const seconds = checkedMaxRun(body.maxRunDuration?.seconds);
  const action = body.instanceTerminationAction ?? (isSpot ? 'STOP' : undefined);
  if (seconds !== undefined && action === undefined)
    throw invalid('You must specify scheduling.instanceTerminationAction when you use maxRunDuration.');
  return {
    automaticRestart: body.automaticRestart ?? !isSpot,
    onHostMaintenance: body.onHostMaintenance ?? (isSpot ? 'TERMINATE' : 'MIGRATE'),
    preemptible: isSpot,
    provisioningModel: isSpot ? 'SPOT' : 'STANDARD',
    ...(action && { instanceTerminationAction: action }),
    ...(seconds !== undefined && { maxRunDuration: { seconds } }),
  };
}

function checkedMaxRun(given: string | number | undefined): string | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (!Number.isInteger(seconds) || seconds < SHORTEST_SECONDS || seconds > MAX_SECONDS)
    throw invalid(
      `Invalid value for field 'scheduling.maxRunDuration': '${given}s'. ` +
        `It must be from ${SHORTEST_SECONDS} to ${MAX_SECONDS} seconds.`,
    );
  return String(seconds);
}
