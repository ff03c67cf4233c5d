import { InvalidError, NotFoundError } from '../../shared/errors.ts';
import { specName } from '../../shared/model/layout.ts';
import { sha256 } from '../../shared/model/message.ts';
import { specSchema } from '../../shared/model/spec.ts';
import type { ImageRequest } from '../../shared/ports/images.ts';
import { type Instance, isOff } from '../../shared/ports/instance.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import { readDocument } from '../../shared/records/documents.ts';
import { readSlot } from '../../shared/records/slot-store.ts';
import { newestFinishedRun } from '../runs/records.ts';

/** Label values take 63 characters (https://cloud.google.com/compute/docs/labeling-resources#requirements). */
const HASH_CHARACTERS = 32;

/**
 * What an image of the VM's disk is to be: named by the newest finished run, which is the one that prepared the disk, and labelled
 * with a hash of what it was prepared from. Throws InvalidError where the disk is in use or about to be.
 */
export async function imageRequest(
  objects: ObjectStore,
  instance: Instance,
  family: string,
): Promise<ImageRequest> {
  await refuseWhileInUse(objects, instance);
  const { status } = await newestFinishedRun(objects);
  const spec = await readDocument(objects, specName(status.runId), specSchema.pick({ provision: true }));
  if (!spec || status.attempt === 0) {
    throw new NotFoundError(
      `Run ${status.runId} left nothing on the VM's disk. Bake after a run that has worked there.`,
    );
  }
  const { runId, target, source } = status;
  const provision = sha256(JSON.stringify(spec.provision)).slice(0, HASH_CHARACTERS);
  return {
    name: `${family}-${runId}`,
    family,
    description: `The disk of ${instance.name} as run ${runId} of ${target} has left it, with what its provisioning installs.`,
    labels: {
      'vicinity-run': runId,
      'vicinity-provision': provision,
      'vicinity-source': source.sha256.slice(0, HASH_CHARACTERS),
    },
  };
}

async function refuseWhileInUse(objects: ObjectStore, instance: Instance): Promise<void> {
  const { slot } = await readSlot(objects, instance.name);
  const runId = slot.active?.runId ?? slot.queue[0]?.runId;
  if (runId)
    throw inUse(instance.name, `belongs to run ${runId}`, `Wait until it is over: vicinity watch ${runId}.`);
  const { status } = await instance.read();
  if (!isOff(status))
    throw inUse(instance.name, `is ${status}`, 'An image is made of a disk that stands still: stop the VM.');
}

function inUse(field: string, problem: string, remedy: string): InvalidError {
  return new InvalidError([{ field, problem, remedy }]);
}
