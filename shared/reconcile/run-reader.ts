import { claimSchema, heartbeatSchema, outcomeSchema } from '../model/attempt.ts';
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
import type { ActiveRun } from '../model/slot.ts';
import { type RunSpec, specSchema } from '../model/spec.ts';
import { statusSchema } from '../model/status.ts';
import type { ObjectInfo, ObjectStore } from '../ports/objects.ts';
import {
  type Damage,
  describeDamage,
  MalformedDocumentError,
  orIfMalformed,
  readDocument,
} from '../records/documents.ts';
import type { KnownDocuments } from '../records/known-documents.ts';
import type { ActiveFacts, RunFacts } from './facts.ts';

type Listed = ReadonlyMap<string, ObjectInfo>;

/**
 * Reads the objects of runs. An object that does not match its schema stops its run, not the others: each kind has a safe
 * meaning, and a run whose spec is damaged counts as deleted.
 */
export class RunReader {
  /** Specs that are damaged. */
  readonly damages: Damage[] = [];
  readonly #objects: ObjectStore;
  readonly #known: KnownDocuments;

  constructor(objects: ObjectStore, known: KnownDocuments) {
    this.#objects = objects;
    this.#known = known;
  }

  /** Undefined where the run has no readable spec. */
  async read(runId: string): Promise<RunFacts | undefined> {
    return this.#runOf(await this.#list(runId), runId, 0);
  }

  /** The run that holds the slot, and who took its attempt. */
  async readActive({
    runId,
    attempt,
  }: ActiveRun): Promise<Omit<ActiveFacts, 'outcome' | 'heartbeat'> | undefined> {
    const listed = await this.#list(runId);
    const run = await this.#runOf(listed, runId, attempt);
    // A claim that cannot be read is still a claim: nobody else may work.
    const claim = await orIfMalformed<ActiveFacts['claim']>(
      this.#known.read(listed.get(claimName(runId, attempt)), claimSchema),
      () => ({ by: 'vm', bootId: 'unreadable' }),
    );
    return run && { ...run, ...(claim && { claim }) };
  }

  /** What the VM has written of the attempt. */
  async readAttempt(
    { runId, attempt }: ActiveRun,
    claim: ActiveFacts['claim'],
  ): Promise<Pick<ActiveFacts, 'outcome' | 'heartbeat'>> {
    const [outcome, heartbeat] = await Promise.all([
      orIfMalformed<ActiveFacts['outcome']>(
        readDocument(this.#objects, outcomeName(runId, attempt), outcomeSchema),
        (damage) => ({ malformed: describeDamage(damage) }),
      ),
      claim?.by === 'vm' ? this.#readHeartbeat(runId, attempt) : undefined,
    ]);
    return { ...(outcome && { outcome }), ...(heartbeat && { heartbeat }) };
  }

  #readHeartbeat(runId: string, attempt: number): Promise<ActiveFacts['heartbeat']> {
    const reading = readDocument(this.#objects, heartbeatName(runId, attempt), heartbeatSchema);
    return orIfMalformed<ActiveFacts['heartbeat']>(reading, () => undefined);
  }

  async #list(runId: string): Promise<Listed> {
    const listed = await this.#objects.list({ prefix: runFolder(runId) });
    return new Map(listed.map((object) => [object.name, object]));
  }

  async #runOf(listed: Listed, runId: string, attempt: number): Promise<RunFacts | undefined> {
    const names = [...listed.keys()];
    const [spec, final, cancel, status] = await Promise.all([
      this.#readSpec(listed, runId),
      this.#readFinal(listed, runId, attempt),
      this.#readCancel(listed, runId),
      // A status that cannot be read is written anew: it follows from the other objects.
      orIfMalformed(this.#known.read(listed.get(statusName(runId)), statusSchema), () => undefined),
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

  #readSpec(listed: Listed, runId: string): Promise<RunSpec | undefined> {
    const info = listed.get(specName(runId));
    const reading = this.#known.read(info, specSchema).then((spec) => {
      if (!spec || !info || spec.runId === runId) return spec;
      const object = `gs://${this.#objects.bucket}/${info.name}`;
      const problem = `runId is ${spec.runId}, which is another run`;
      throw new MalformedDocumentError({ object, generation: info.generation, problem });
    });
    return orIfMalformed<RunSpec | undefined>(reading, (damage) => {
      this.damages.push(damage);
      return undefined;
    });
  }

  /** Somebody has ended the run, whatever that says: it is not started again. */
  #readFinal(listed: Listed, runId: string, attempt: number): Promise<RunFacts['final']> {
    const info = listed.get(finalName(runId));
    return orIfMalformed<RunFacts['final']>(this.#known.read(info, finalSchema), (damage) => ({
      runId,
      attempt,
      status: 'lost',
      verdict: 'failed',
      finishedAt: info?.updatedAt ?? '',
      reason: `${describeDamage(damage)}.`,
    }));
  }

  /** Somebody wanted the run cancelled, whatever the object says. */
  #readCancel(listed: Listed, runId: string): Promise<RunFacts['cancel']> {
    const info = listed.get(cancelName(runId));
    return orIfMalformed<RunFacts['cancel']>(this.#known.read(info, cancelSchema), (damage) => ({
      requestedAt: info?.updatedAt ?? '',
      problem: describeDamage(damage),
    }));
  }
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
