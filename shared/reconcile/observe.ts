import { NotFoundError, PermissionError, TransientError } from '../errors.ts';
import { type Claim, claimSchema, heartbeatSchema, outcomeSchema } from '../model/attempt.ts';
import { cancelSchema } from '../model/cancel.ts';
import { finalSchema } from '../model/final.ts';
import {
  attemptOfConsole,
  cancelName,
  claimName,
  finalName,
  heartbeatName,
  notifiedName,
  outcomeName,
  runFolder,
  specName,
  statusName,
} from '../model/layout.ts';
import type { ActiveRun, QueuedRun } from '../model/slot.ts';
import { specSchema } from '../model/spec.ts';
import { statusSchema } from '../model/status.ts';
import { isOff } from '../ports/instance.ts';
import type { ObjectInfo, ObjectStore } from '../ports/objects.ts';
import { MalformedDocumentError, readDocument } from '../records/documents.ts';
import type { KnownDocuments } from '../records/known-documents.ts';
import { readSlot, type StoredSlot } from '../records/slot-store.ts';
import { redact } from '../redact.ts';
import type { Dependencies } from './dependencies.ts';
import type { ActiveFacts, Observed, RunFacts, WaitingFacts } from './facts.ts';

export interface Observation {
  observed: Observed;
  stored: StoredSlot;
}

/** Reads everything that the next decision needs, in the order that `Observed` explains. */
export async function observe(
  deps: Dependencies,
  known: KnownDocuments,
  focus: readonly string[],
  undelivered: ReadonlySet<string>,
): Promise<Observation> {
  const { objects, clock } = deps;
  const stored = await readSlot(objects, deps.instance.name);
  const { slot } = stored;
  const held = new Set([slot.active?.runId, ...slot.queue.map((entry) => entry.runId)]);
  const outside = [...new Set(focus)].filter((runId) => !held.has(runId));
  const [activeRun, waiting, others] = await Promise.all([
    slot.active && readActive(objects, known, slot.active),
    Promise.all(slot.queue.map((entry) => readWaiting(objects, known, entry))),
    Promise.all(outside.map((runId) => readOutside(deps, known, runId))),
  ]);
  const instance = await readInstance(deps);
  const active: ActiveFacts | undefined = activeRun && {
    ...activeRun,
    ...(slot.active && !activeRun.final && (await readAttempt(objects, slot.active, activeRun, instance))),
  };
  const observed: Observed = {
    now: clock.now(),
    slot,
    ...instance,
    waiting,
    others: others.filter((run) => run !== undefined),
    undelivered,
    ...(active && { active }),
  };
  return { observed, stored };
}

async function readWaiting(
  objects: ObjectStore,
  known: KnownDocuments,
  entry: QueuedRun,
): Promise<WaitingFacts> {
  const run = await readRun(objects, known, entry.runId);
  return { entry, ...(run && { run }) };
}

/** The run that holds the slot, and who took its attempt. */
async function readActive(
  objects: ObjectStore,
  known: KnownDocuments,
  { runId, attempt }: ActiveRun,
): Promise<Omit<ActiveFacts, 'outcome' | 'heartbeat'> | undefined> {
  const listed = await listRun(objects, runId);
  const run = await runOf(known, listed, runId);
  const claim = await claimOf(known, listed.get(claimName(runId, attempt)));
  return run && { ...run, ...(claim && { claim }) };
}

async function readRun(
  objects: ObjectStore,
  known: KnownDocuments,
  runId: string,
): Promise<RunFacts | undefined> {
  return runOf(known, await listRun(objects, runId), runId);
}

/** One that cannot be read, as of a later version of this code, must not hold up the run that has the VM. */
async function readOutside(
  { objects, log }: Dependencies,
  known: KnownDocuments,
  runId: string,
): Promise<RunFacts | undefined> {
  return orIfMalformed(readRun(objects, known, runId), ({ message }) => {
    log({ severity: 'ERROR', message: `A run is passed over: ${message}`, runId });
    return undefined;
  });
}

type Listed = ReadonlyMap<string, ObjectInfo>;

async function listRun(objects: ObjectStore, runId: string): Promise<Listed> {
  const listed = await objects.list({ prefix: runFolder(runId) });
  return new Map(listed.map((object) => [object.name, object]));
}

/** Undefined where the run has no spec: somebody has deleted it. */
async function runOf(known: KnownDocuments, listed: Listed, runId: string): Promise<RunFacts | undefined> {
  const names = [...listed.keys()];
  const [spec, final, cancel, status] = await Promise.all([
    known.read(listed.get(specName(runId)), specSchema),
    known.read(listed.get(finalName(runId)), finalSchema),
    known.read(listed.get(cancelName(runId)), cancelSchema),
    // A status that cannot be read is written anew: it follows from the other objects.
    orIfMalformed(known.read(listed.get(statusName(runId)), statusSchema), () => undefined),
  ]);
  if (!spec) return undefined;
  return {
    spec,
    notified: notifiedEvents(runId, names),
    savedConsoles: savedConsolesOf(names),
    ...(final && { final }),
    ...(cancel && { cancel }),
    ...(status && { status }),
  };
}

function notifiedEvents(runId: string, names: string[]): Set<string> {
  const [before = '', after = ''] = notifiedName(runId, '*').split('*');
  const notified = names
    .filter((name) => name.startsWith(before))
    .map((name) => name.slice(before.length, -after.length));
  return new Set(notified);
}

function savedConsolesOf(names: string[]): Set<number> {
  const attempts = names.map(attemptOfConsole);
  return new Set(attempts.filter((attempt) => attempt !== undefined));
}

/** A claim that cannot be read is still a claim: nobody else may work. */
function claimOf(known: KnownDocuments, listed: ObjectInfo | undefined): Promise<Claim | undefined> {
  return orIfMalformed(known.read(listed, claimSchema), () => ({
    by: 'vm' as const,
    bootId: 'unreadable',
  }));
}

/** What the VM has written of the attempt. While it is on and has not taken the attempt, that is nothing. */
async function readAttempt(
  objects: ObjectStore,
  { runId, attempt }: ActiveRun,
  { claim }: Pick<ActiveFacts, 'claim'>,
  { instance }: Pick<Observed, 'instance'>,
): Promise<Pick<ActiveFacts, 'outcome' | 'heartbeat'>> {
  const isBooting = !claim && instance && !isOff(instance.status);
  if (isBooting) return {};
  const [outcome, heartbeat] = await Promise.all([
    orIfMalformed<ActiveFacts['outcome']>(
      readDocument(objects, outcomeName(runId, attempt), outcomeSchema),
      ({ message }) => ({ malformed: message }),
    ),
    claim?.by === 'vm'
      ? orIfMalformed(readDocument(objects, heartbeatName(runId, attempt), heartbeatSchema), () => undefined)
      : undefined,
  ]);
  return { ...(outcome && { outcome }), ...(heartbeat && { heartbeat }) };
}

async function orIfMalformed<T>(reading: Promise<T>, instead: (error: Error) => T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof MalformedDocumentError) return instead(error);
    throw error;
  }
}

/** Unknown is not dead: an unreadable instance is passed on as unknown, a refused one with the reason. */
async function readInstance({
  instance,
  log,
}: Dependencies): Promise<Pick<Observed, 'instance' | 'refusal'>> {
  try {
    return { instance: await instance.read() };
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof PermissionError) {
      return { instance: undefined, refusal: redact(error.message) };
    }
    if (!(error instanceof TransientError)) throw error;
    log({ message: 'The instance could not be read.', error: error.message });
    return { instance: undefined };
  }
}
