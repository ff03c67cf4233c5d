import { type Heartbeat, heartbeatSchema } from '../model/attempt.ts';
import { heartbeatName } from '../model/layout.ts';
import { isFinished, type Status } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { readIfValid } from '../records/documents.ts';

/** The last sign of life of the run's current attempt; undefined before the VM's first one, and once the run is over. */
export async function readHeartbeat(objects: ObjectStore, status: Status): Promise<Heartbeat | undefined> {
  const { runId, attempt } = status;
  if (attempt === undefined || isFinished(status)) return undefined;
  return readIfValid(objects, heartbeatName(runId, attempt), heartbeatSchema);
}
