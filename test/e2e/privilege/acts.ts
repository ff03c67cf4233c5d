import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOPICS } from '../../../shared/model/topics.ts';
import { readSlot } from '../../../shared/records/slot-store.ts';
import { eventually, type System } from '../harness.ts';
import { MAX_BACKOFF_MS, skipBackoffs } from '../stub.ts';

const DAY_MS = 86_400_000;
/** Looks between two leaps of cloud time, where a message still waits for its next delivery. */
const LOOKS = 20;

/** What a test can set going, without waiting for its end; each needs some right. */
export function actsOf(system: System) {
  const { cloud, pipeline, objects, publish } = system;
  const { zone, instance } = cloud.config;
  let asked = 0;
  let isHopeless = false;
  skipBackoffs(cloud, () => isHopeless);
  /** Messages that were refused, and will be delivered again. */
  const waiting = new Set<string>();
  cloud.onActivity((activity) => {
    if (activity.kind !== 'delivery') return;
    const { kind, subscription, messageId } = activity.event;
    if (kind === 'nacked') waiting.add(`${subscription} ${messageId}`);
    if (kind === 'acknowledged' || kind === 'dead-lettered') waiting.delete(`${subscription} ${messageId}`);
  });

  return { run, hangingRun, cancelledRun, lostVm, sweep, dailyRound, hopelessMessage, rest };

  /** Each time with another machine type and time limit than before, so that both are set. */
  function run(target = 'good'): Promise<string> {
    asked += 1;
    const machineType = asked % 2 === 0 ? 'c4d-highcpu-32' : 'c4d-highcpu-16';
    return publish(TOPICS.run, { data: { target, machineType, maxDuration: `${asked}h` } });
  }

  async function hangingRun(): Promise<string> {
    const before = pipeline.executions().length;
    const runId = await system.runOf(await run('hangs'));
    await eventually('make', async () => pipeline.executions().length > before || undefined);
    return runId;
  }

  function cancel(runId: string): Promise<string> {
    return publish(TOPICS.run, { data: { action: 'cancel', runId } });
  }

  async function cancelledRun(): Promise<void> {
    await cancel(await hangingRun());
  }

  async function lostVm(): Promise<void> {
    await hangingRun();
    cloud.compute.kill(zone, instance);
    await system.vmOff();
    await sweep();
  }

  function sweep(): Promise<string> {
    return publish(TOPICS.sweep, { data: {} });
  }

  /** The daily round, two days after a package was superseded. */
  async function dailyRound(): Promise<void> {
    appendFileSync(join(pipeline.directory, 'Makefile'), '# Another package.\n');
    await system.client.must('push');
    cloud.clock.advance(2 * DAY_MS);
    await publish(TOPICS.sweep, { attributes: { action: 'retire' } });
  }

  /** A message that no function handles, however often it is delivered. */
  async function hopelessMessage(topic: string): Promise<void> {
    isHopeless = true;
    cloud.faults.add({ operation: 'functions.call', kind: 'error', times: 1000 });
    await publish(topic, { data: 'nonsense' });
  }

  /** Brings what was begun to an end. */
  async function rest(): Promise<void> {
    isHopeless = false;
    cloud.faults.clear();
    const { active } = (await readSlot(objects, instance)).slot;
    if (active && pipeline.executions().at(-1) === 'hangs') await cancel(active.runId);
    let looks = 0;
    await eventually('the end of everything', async () => {
      if (looks % LOOKS === 0) cloud.clock.advance(MAX_BACKOFF_MS);
      looks += 1;
      return (await isIdle()) || undefined;
    });
  }

  async function isIdle(): Promise<boolean> {
    const { active, queue } = (await readSlot(objects, instance)).slot;
    const isBusy = cloud.functions.states().some(({ eventsUnderWay }) => eventsUnderWay > 0);
    const isOff = cloud.compute.store.get(zone, instance).status === 'TERMINATED';
    return !active && queue.length === 0 && waiting.size === 0 && !isBusy && isOff;
  }
}
