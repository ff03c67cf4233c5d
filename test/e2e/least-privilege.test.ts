import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { FUNCTIONS } from '../../shared/model/functions.ts';
import { TOPICS } from '../../shared/model/topics.ts';
import { vicinity } from '../cli/support/call.ts';
import { smallTable } from '../deploy/support/table.ts';
import { eventually, startSystem } from './harness.ts';
import { beatFaster } from './privilege/heartbeat.ts';
import { reduce, reductionsOf } from './privilege/reductions.ts';
import { allows } from './privilege/rights.ts';
import { skipBackoffs } from './stub.ts';

/**
 * The table of deploy/ grants what the system needs, and nothing more. The tests before the last one use what there is to use; a call
 * that is refused fails them in the end, as everywhere in this suite. The last one takes every single right away in turn, and asks
 * whether anything that was done would not have been allowed.
 */
const system = await startSystem({ settings: 'machineTypes: [c4d-highcpu-32, c4d-highcpu-16]\n' });
const { cloud, pipeline } = system;
after(() => system[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;
/** From the first look at what a job writes to the second, on a busy computer: what did not change in between is saved. */
const TWO_LOOKS_MS = 16_000;
const STILL_AT_IT_MS = 30_000;

const ask = async (target: string, more: object = {}) =>
  system.runOf(await system.publish(TOPICS.run, { data: { target, ...more } }));
const sweep = () => system.publish(TOPICS.sweep, { data: {} });

async function working(target: string): Promise<void> {
  await eventually(`make of ${target}`, async () => pipeline.executions().includes(target) || undefined);
}

/** Pushes a package that needs a file which git ignores. */
async function pushWithInput(content: string): Promise<void> {
  writeFileSync(join(pipeline.directory, 'places.csv'), content);
  await system.client.must('push');
}

beatFaster(cloud);

test('a canary through every function', async () => {
  const args = ['deploy', 'verify', '--wait-seconds', '60'];
  const { code, stdout } = await vicinity(args, { cwd: pipeline.directory, env: cloud.env() });
  assert.equal(code, 0, stdout);
  assert.equal(stdout.match(/answered a canary; sees the VM TERMINATED; Slack webhook mounted/g)?.length, 3);
});

test('a refused request, a run that succeeds, and one on another machine type that waits for it and fails', async () => {
  appendFileSync(join(pipeline.directory, 'vicinity.yaml'), 'source: { inputs: [places.csv] }\n');
  await pushWithInput('a\n');
  await system.publish(TOPICS.run, { data: { target: 'bad' } });
  const first = await ask('slow', { requestId: 'first' });
  const second = await ask('fails', { machineType: 'c4d-highcpu-16' });
  assert.equal((await system.finished(first)).status, 'succeeded');
  assert.equal((await system.finished(second)).status, 'failed');
});

test('a run whose VM is preempted, and whose state is carried on', async () => {
  const runId = await ask('carries');
  await working('carries');
  await pause(TWO_LOOKS_MS);
  cloud.compute.preempt(cloud.config.zone, cloud.config.instance);
  await system.vmOff();
  await sweep();
  assert.equal((await system.finished(runId)).status, 'succeeded');
});

test('a run whose claim seems lost, and that is cancelled', async () => {
  cloud.faults.add({ operation: 'storage.objects.insert', kind: 'drop', urlContains: 'claim.json' });
  const runId = await ask('hangs');
  await working('hangs');
  await system.publish(TOPICS.run, { data: { action: 'cancel', runId } });
  await system.vmOff();
  await sweep();
  assert.equal((await system.finished(runId)).status, 'cancelled');
});

test('messages that nobody can handle', async () => {
  skipBackoffs(cloud);
  const putAside = new Set<string>();
  cloud.onActivity((activity) => {
    if (activity.kind !== 'delivery' || activity.event.kind !== 'dead-lettered') return;
    putAside.add(activity.event.subscription);
  });
  cloud.faults.add({ operation: 'functions.call', kind: 'error', times: 1000 });
  for (const { topic } of FUNCTIONS) await system.publish(topic, { data: 'nonsense' });
  await eventually('three messages put aside', async () => putAside.size === FUNCTIONS.length || undefined);
  cloud.faults.clear();
});

test('a package and an input that are superseded', async () => {
  await pushWithInput('b\n');
  cloud.clock.advance(2 * DAY_MS);
  await system.publish(TOPICS.sweep, { attributes: { action: 'retire' } });
  await eventually('the marks', async () => {
    const objects = [
      ...(await system.objects.list({ prefix: 'src/' })),
      ...(await system.objects.list({ prefix: 'inputs/' })),
    ];
    return objects.filter(({ retiredAt }) => retiredAt).length >= 2 || undefined;
  });
});

test('nothing of what the table grants could be left out', async () => {
  const table = smallTable(cloud.config);
  const superfluous = () => {
    const used = cloud.project.directory.usage.used().filter(allows(table, cloud.config));
    return reductionsOf(table)
      .filter((reduction) => used.every(allows(reduce(table, reduction), cloud.config)))
      .map(({ what }) => what);
  };
  // What was set going above may still be at it.
  for (const deadline = Date.now() + STILL_AT_IT_MS; Date.now() < deadline && superfluous().length > 0; )
    await pause(500);
  assert.deepEqual(superfluous(), []);
});
