import { isDeepStrictEqual } from 'node:util';
import { statusName } from '../model/layout.ts';
import { isFinished, type Status, statusSchema } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { changeDocument } from './documents.ts';

/** Writes status.json; a finished run's status is never replaced by an unfinished one that comes late. */
export function writeStatus(objects: ObjectStore, status: Status): Promise<void> {
  return changeDocument(objects, statusName(status.runId), statusSchema, (current) => {
    const stays =
      current && (isDeepStrictEqual(current, status) || (isFinished(current) && !isFinished(status)));
    return stays ? undefined : status;
  });
}
