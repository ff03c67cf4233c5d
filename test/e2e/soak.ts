import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TransientError } from '../../shared/errors.ts';
import { finalSchema } from '../../shared/model/final.ts';
import { finalName, notifiedName, RUNS, runIdOfName, slotName, specName } from '../../shared/model/layout.ts';
import { readSlot } from '../../shared/records/slot-store.ts';
import { type System, startSystem } from './harness.ts';
import { skipBoots, stubStartup } from './stub.ts';

/**
 * Many runs through the real function bundles, with passing faults on calls of Storage, Compute and Slack, and messages delivered
 * twice. In the end each run must have been worked on once, be finished and told, and nothing may be left over.
 *
 *   node test/e2e/soak.ts --runs 1000 --faults 10
 */
export interface SoakOptions {
  runs: number;
  /**
   * How many writing calls fail, in percent: half of them before they take effect, half of them after. Of the reading calls a tenth
   * of that.
   */
  faults: number;
  /** How many deliveries of a message are made twice at once, in percent. */
  doubled: number;
  /** Runs that wait in a queue, at most. With one, the functions' work for two runs overlaps all the time. */
  waiting: number;
  /** Local clouds side by side: a run is mostly waiting. */
  clouds: number;
}

/** Runs by how far they came, and what happened on the way. All but the last four must be `runs`. */
export interface SoakCounts {
  accepted: number;
  executed: number;
  finished: number;
  succeeded: number;
  told: number;
  /** Executions beyond the first of each run. */
  repeated: number;
  /** Attempts beyond the first of each run. */
  lostAttempts: number;
  faults: number;
  /** Deliveries that a function refused, to get them again. */
  refusals: number;
}

/**
 * Long enough for the functions to come to rest while the VM works, as in reality. Otherwise each call of finish-run goes on to the
 * next run and the next, and their number grows.
 */
const WORK_SECONDS = 1;
/** Calls that change something, where a lost answer hurts, and calls that read, which are many. */
const WRITES = [
  'storage.objects.insert',
  'compute.instances.setMetadata',
  'compute.instances.start',
  'slack.webhook',
];
const READS = [
  'storage.objects.get',
  'storage.objects.list',
  'compute.instances.get',
  'compute.zoneOperations.wait',
];
/** How many times as fast as the real time the cloud's runs, so that sweeps and redeliveries come sooner. */
const SPEED = 3;
const TICK_MS = 50;
/** Without any progress. */
const DEADLINE_MS = 120_000;

/** Resolves with the counts once all is settled; fails where it does not settle or a VM is left on. */
export async function soak({ runs, clouds, ...others }: SoakOptions): Promise<SoakCounts> {
  await using stack = new AsyncDisposableStack();
  const systems: System[] = [];
  for (let index = 0; index < clouds; index += 1)
    systems.push(stack.use(await startSystem({ startup: stubStartup(WORK_SECONDS) })));
  const share = (index: number) => Math.floor((runs + index) / clouds);
  return sum(
    await Promise.all(systems.map((system, index) => soakOne(system, { ...others, runs: share(index) }))),
  );
}

type PerCloud = Omit<SoakOptions, 'clouds'>;

async function soakOne(system: System, options: PerCloud): Promise<SoakCounts> {
  const { cloud } = system;
  const { runs } = options;
  let refusals = 0;
  cloud.onActivity((activity) => {
    if (activity.kind === 'delivery' && activity.event.kind === 'nacked') refusals += 1;
  });
  orderFaults(system, options);
  skipBoots(cloud);
  const ticking = setInterval(() => cloud.clock.advance(TICK_MS * (SPEED - 1)), TICK_MS);
  try {
    await publishAll(system, options);
    await untilIdle(system, runs);
  } finally {
    clearInterval(ticking);
  }
  const struck = cloud.faults.list().map((fault) => (fault.kind === 'duplicate' ? 0 : fault.struck));
  cloud.faults.clear();
  return { ...(await countRuns(system)), faults: struck.reduce((a, b) => a + b, 0), refusals };
}

function orderFaults({ cloud }: System, { faults, doubled }: PerCloud): void {
  const always = { times: Number.POSITIVE_INFINITY };
  const deliveries = { ...always, operation: 'pubsub.deliver', probability: doubled / 100 };
  cloud.faults.add({ ...deliveries, kind: 'duplicate' });
  for (const operation of WRITES)
    for (const kind of ['error', 'error-after'])
      cloud.faults.add({ ...always, operation, kind, probability: faults / 200 });
  for (const operation of READS)
    cloud.faults.add({ ...always, operation, kind: 'error', probability: faults / 1000 });
}

/** Publishes as fast as the queue takes it. */
async function publishAll(system: System, { runs, waiting }: PerCloud): Promise<void> {
  const answered = new Set<string>();
  system.cloud.onActivity((activity) => {
    if (activity.kind === 'function' && activity.event.function === 'start-run')
      answered.add(activity.event.messageId);
  });
  for (let sent = 0; sent < runs; sent += 1) {
    await progress(system, 'a place in the queue', async () => {
      if (sent - answered.size > waiting) return false;
      const { slot } = await readSlot(system.objects, system.cloud.config.instance);
      return (slot.active ? 1 : 0) + slot.queue.length <= waiting;
    });
    await system.publish('vicinity-run', { data: { target: 'bare', requestId: `soak ${sent}` } });
  }
}

async function untilIdle(system: System, runs: number): Promise<void> {
  const { objects, cloud } = system;
  await progress(system, 'every run told and the slot free', async () => {
    const { slot } = await readSlot(objects, cloud.config.instance);
    if (slot.active || slot.queue.length > 0) return false;
    if (cloud.functions.states().some(({ eventsUnderWay }) => eventsUnderWay > 0)) return false;
    return (await countRuns(system)).told >= runs;
  });
  const { status } = cloud.compute.store.get(cloud.config.zone, cloud.config.instance);
  if (status !== 'TERMINATED') throw new Error(`The slot is free, but the VM is ${status}.`);
}

async function countRuns({ objects, pipeline }: System): Promise<Omit<SoakCounts, 'faults' | 'refusals'>> {
  const names = (await objects.list({ prefix: RUNS })).map((object) => object.name);
  const isThere = new Set(names);
  const runIds = [...new Set(names.map(runIdOfName))].filter((runId) => runId !== undefined);
  const having = (nameOf: (runId: string) => string) => runIds.filter((runId) => isThere.has(nameOf(runId)));
  const finals = await Promise.all(
    having(finalName).map(async (runId) =>
      finalSchema.parse(JSON.parse((await objects.read(finalName(runId)))?.text ?? '')),
    ),
  );
  const executions = pipeline.executions().map((line) => line.split(' ')[1]);
  const executed = new Set(executions).size;
  return {
    accepted: having(specName).length,
    executed,
    finished: finals.length,
    succeeded: finals.filter((final) => final.status === 'succeeded').length,
    told: having((runId) => notifiedName(runId, 'finished')).length,
    repeated: executions.length - executed,
    lostAttempts: finals.reduce((lost, final) => lost + final.attempt - 1, 0),
  };
}

/** Waits for something, as long as runs go on: as long as the slot changes. */
async function progress(system: System, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const { objects, cloud } = system;
  let last: string | undefined;
  let deadline = Date.now() + DEADLINE_MS;
  while (!(await orIfFaulty(isSo, false))) {
    const slot = await orIfFaulty(() => objects.read(slotName(cloud.config.instance)), undefined);
    if (slot && slot.generation !== last) deadline = Date.now() + DEADLINE_MS;
    last = slot?.generation ?? last;
    if (Date.now() > deadline)
      throw new Error(`${what}: nothing moves any more. The slot is ${slot?.text ?? 'not there'}`);
    await pause(200);
  }
}

/** The faults strike whoever looks on as well. */
async function orIfFaulty<T>(look: () => Promise<T>, instead: T): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof TransientError) return instead;
    throw error;
  }
}

function sum(counts: SoakCounts[]): SoakCounts {
  const [first, ...others] = counts;
  if (!first) throw new Error('A soak needs one cloud at least.');
  const keys = Object.keys(first) as (keyof SoakCounts)[];
  return others.reduce(
    (total, each) => Object.fromEntries(keys.map((key) => [key, total[key] + each[key]])) as never,
    first,
  );
}

/** What should be equal and is not, or undefined. */
export function disagreement(runs: number, counts: SoakCounts): string | undefined {
  const { accepted, executed, finished, succeeded, told, repeated, lostAttempts } = counts;
  const isRight =
    [accepted, executed, finished, succeeded, told].every((count) => count === runs) &&
    repeated <= lostAttempts;
  return isRight ? undefined : `Of ${runs} runs: ${JSON.stringify(counts)}`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100' },
      faults: { type: 'string', default: '10' },
      doubled: { type: 'string', default: '25' },
      waiting: { type: 'string', default: '1' },
      clouds: { type: 'string', default: String(2 * availableParallelism()) },
    },
  });
  const began = performance.now();
  const runs = Number(values.runs);
  const counts = await soak({
    runs,
    faults: Number(values.faults),
    doubled: Number(values.doubled),
    waiting: Number(values.waiting),
    clouds: Number(values.clouds),
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(JSON.stringify({ runs, ...counts, seconds }));
  const wrong = disagreement(runs, counts);
  if (wrong) throw new Error(wrong);
}
