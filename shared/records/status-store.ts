import { isDeepStrictEqual } from 'node:util';
import { statusName } from '../model/layout.ts';
import { isFinished, type Status, statusSchema } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { changeDocument } from './documents.ts';

/**
 * Writes status.json, unless the one that is there knows more: an unfinished status that comes late never replaces a finished one,
 * nor one that has not seen the VM off one that has. Returns the status that now stands.
 */
export async function writeStatus(objects: ObjectStore, status: Status): Promise<Status> {
  let standing = status;
  await changeDocument(objects, statusName(status.runId), statusSchema, (current) => {
    standing = current && knowsMore(current, status) ? current : status;
    return isDeepStrictEqual(current, standing) ? undefined : standing;
  });
  return standing;
}

function knowsMore(current: Status, status: Status): boolean {
  if (isFinished(current) !== isFinished(status)) return isFinished(current);
  return current.vm.terminatedSeenAt !== undefined && status.vm.terminatedSeenAt === undefined;
}
