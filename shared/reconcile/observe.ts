import { NotFoundError, PermissionError, TransientError } from '../errors.ts';
import { isOff } from '../ports/instance.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Damage } from '../records/documents.ts';
import type { KnownDocuments } from '../records/known-documents.ts';
import { readSlot, type StoredSlot } from '../records/slot-store.ts';
import { redact } from '../redact.ts';
import type { Dependencies } from './dependencies.ts';
import type { ActiveFacts, Observed } from './facts.ts';
import { isReported } from './report-damage.ts';
import { RunReader } from './run-reader.ts';

export interface Observation {
  observed: Observed;
  stored: StoredSlot;
}

/**
 * Reads everything that the next decision needs, in the order that `Observed` explains. Throws MalformedDocumentError where the
 * slot is damaged.
 */
export async function observe(
  deps: Dependencies,
  known: KnownDocuments,
  { focus, queue }: { focus: readonly string[]; queue: 'all' | 'head' },
  undelivered: ReadonlySet<string>,
): Promise<Observation> {
  const { objects, clock } = deps;
  const stored = await readSlot(objects, deps.instance.name);
  const { slot } = stored;
  const runs = new RunReader(objects, known);
  const held = new Set([slot.active?.runId, ...slot.queue.map((entry) => entry.runId)]);
  const near = slot.queue.filter(
    ({ runId }, index) => queue === 'all' || index === 0 || focus.includes(runId),
  );
  const outside = [...new Set(focus)].filter((runId) => !held.has(runId));
  const [activeRun, waiting, others] = await Promise.all([
    slot.active && runs.readActive(slot.active),
    Promise.all(near.map(async (entry) => ({ entry, run: await runs.read(entry.runId) }))),
    Promise.all(outside.map((runId) => runs.read(runId))),
  ]);
  const instance = await readInstance(deps);
  // While the VM is on and has not taken the attempt, there is nothing to read of it.
  const isBooting = !activeRun?.claim && instance.instance && !isOff(instance.instance.status);
  const hasAttempt = slot.active && activeRun && !activeRun.final && !isBooting;
  const active: ActiveFacts | undefined = activeRun && {
    ...activeRun,
    ...(hasAttempt && slot.active && (await runs.readAttempt(slot.active, activeRun.claim))),
  };
  const observed: Observed = {
    now: clock.now(),
    slot,
    ...instance,
    damages: await unreported(objects, runs.damages),
    waiting: waiting.map(({ entry, run }) => ({ entry, ...(run && { run }) })),
    others: others.filter((run) => run !== undefined),
    undelivered,
    ...(active && { active }),
  };
  return { observed, stored };
}

async function unreported(objects: ObjectStore, damages: Damage[]): Promise<Damage[]> {
  const reported = await Promise.all(damages.map((damage) => isReported(objects, damage)));
  return damages.filter((_, index) => !reported[index]);
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
