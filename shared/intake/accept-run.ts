import { triedAgainLater } from '../errors.ts';
import { requestName, specName } from '../model/layout.ts';
import { type Message, runIdOf, sha256, type Trigger } from '../model/message.ts';
import { type RunSpec, specSchema } from '../model/spec.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { orIfMalformed, readDocument, readIfValid, toText } from '../records/documents.ts';
import { inheritCancel } from './cancel-run.ts';
import { requestIndexSchema } from './request-index.ts';

/** Two requests of one second share their four digits once in 65,536 times; so many collisions in a row are no coincidence. */
const SALTS = 8;

/** What a run's spec needs beside its identity. */
export type Accepted = Omit<RunSpec, 'runId' | 'trigger' | 'messageId' | 'requestedAt'>;

/** The run that this request became when it was first accepted, or undefined. */
export async function findAccepted(
  objects: ObjectStore,
  trigger: Trigger,
  requestId?: string,
): Promise<string | undefined> {
  const index = requestId && (await readIfValid(objects, requestName(sha256(requestId)), requestIndexSchema));
  const resolved = index ? { ...trigger, at: new Date(index.at) } : trigger;
  for (let salt = 0; salt < SALTS; salt += 1) {
    const runId = runIdOf(resolved, salt);
    const holder = await triggerOfRun(objects, runId);
    if (!holder) return undefined;
    if (holder === trigger.key || holder === DAMAGED) return runId;
  }
  return undefined;
}

/** Of a spec that cannot be read: it counts as the request's own, because a second run might do its work twice. */
const DAMAGED = 'damaged';

/** The key of the trigger that the run came from, or undefined where there is no such run. */
async function triggerOfRun(objects: ObjectStore, runId: string): Promise<string | undefined> {
  const reading = readDocument(objects, specName(runId), specSchema).then((spec) => spec?.trigger);
  return orIfMalformed<string | undefined>(reading, () => DAMAGED);
}

/** Records a request as a run, once: the same request gives the same run, however often it is delivered. Returns the run id. */
export async function acceptRun(
  objects: ObjectStore,
  message: Message,
  accepted: Accepted,
  trigger: Trigger,
  requestId: string | undefined,
): Promise<string> {
  const resolved = requestId ? await resolvedTrigger(objects, trigger, requestId) : trigger;
  return createSpec(objects, message, accepted, resolved);
}

/** Notes for the client which run its request id became, and takes over a cancellation that came before. */
export async function linkRequest(objects: ObjectStore, requestId: string, runId: string): Promise<void> {
  const name = requestName(sha256(requestId));
  const index = await readIfValid(objects, name, requestIndexSchema);
  if (index && !index.runId) await objects.put(name, toText({ ...index, runId }));
  await inheritCancel(objects, runId, requestId);
}

/** A request id may be published again at another time: the time of its first sighting counts, resolved by whoever writes first. */
async function resolvedTrigger(objects: ObjectStore, trigger: Trigger, requestId: string): Promise<Trigger> {
  const name = requestName(sha256(requestId));
  if ((await objects.create(name, toText({ at: trigger.at.toISOString() }))) === 'created') return trigger;
  const first = await readIfValid(objects, name, requestIndexSchema);
  return first ? { ...trigger, at: new Date(first.at) } : trigger;
}

async function createSpec(objects: ObjectStore, message: Message, accepted: Accepted, trigger: Trigger) {
  for (let salt = 0; salt < SALTS; salt += 1) {
    const runId = runIdOf(trigger, salt);
    const spec: RunSpec = {
      ...accepted,
      runId,
      trigger: trigger.key,
      messageId: message.messageId,
      requestedAt: trigger.at.toISOString(),
    };
    if ((await objects.create(specName(runId), toText(spec))) === 'created') return runId;
    const holder = await triggerOfRun(objects, runId);
    if (holder === trigger.key || holder === DAMAGED) return runId;
  }
  throw triedAgainLater(`No free run id for ${trigger.key} at ${trigger.at.toISOString()}.`);
}
