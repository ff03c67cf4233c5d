import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '../../../local/core/faults.ts';
import { BUCKET } from '../../startup-script/fixture/cloud.ts';
import { cloudFor } from '../../startup-script/fixture/cloud-scope.ts';
import { PYTHON, TOOLS } from '../../startup-script/fixture/tool.ts';
import { until } from '../../startup-script/fixture/until.ts';

const COMPOSE = 'storage.objects.compose';
const INSERT = 'storage.objects.insert';
const NAME = 'results/r/build.log';

const CASES: [string, FaultRule[]][] = [
  ['no fault', []],
  ['a lost reply to the first write', [{ operation: INSERT, kind: 'drop', urlContains: 'results' }]],
  ['lost replies to joins', [{ operation: COMPOSE, kind: 'drop', skip: 1, times: 3 }]],
  ['joins that work but answer 503', [{ operation: COMPOSE, kind: 'error-after', times: 2 }]],
  ['lost replies to parts', [{ operation: INSERT, kind: 'drop', skip: 1, times: 3 }]],
  ['refusals for a while', [{ operation: COMPOSE, kind: 'error', status: 403, skip: 1, times: 2 }]],
];

describe('the log in the bucket', { concurrency: 4 }, () => {
  for (const [what, faults] of CASES) {
    test(`the log in the bucket grows without loss or repetition: ${what}`, async (t) => {
      const { cloud, directory, env } = await cloudFor(t);
      const log = join(directory, 'build.log');
      // What an earlier attempt left, longer than what follows.
      await cloud.put(NAME, 'old '.repeat(1000));
      for (const fault of faults) cloud.faults.add(fault);
      writeFileSync(log, '');
      const args = ['-BS', `${TOOLS}logship.py`, BUCKET, 'runs/r/attempt-1/', '0.2', `${log}=${NAME}`];
      const child = spawn(PYTHON, args, { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' });
      t.after(() => void child.kill('SIGKILL'));
      let written = '';
      for (let line = 0; line < 25; line++) {
        appendFileSync(log, `line ${line}\n`);
        written += `line ${line}\n`;
        await sleep(80);
        const there = (await cloud.read(NAME)) ?? '';
        assert.ok(there.startsWith('old ') || written.startsWith(there), there);
      }
      await until(async () => (await cloud.read(NAME)) === written, 15);
      assert.ok(cloud.faults.list().every((fault) => fault.struck === (fault.times ?? 1)));
      child.kill();
      await new Promise((resolve) => child.once('exit', resolve));
      assert.deepEqual(await cloud.names('runs'), [], 'scratch objects are gone');
    });
  }

  test('a backlog is uploaded in many parts with few writes of the log', async (t) => {
    const { cloud, directory, env } = await cloudFor(t);
    const log = join(directory, 'build.log');
    const written = Array.from({ length: 10_000 }, (_, line) => `line ${line}\n`).join('');
    writeFileSync(log, written);
    const args = ['-BS', `${TOOLS}logship.py`, BUCKET, 'runs/r/attempt-1/', '0.2', `${log}=${NAME}`];
    const small = { ...env, VICINITY_CHUNK_BYTES: '1000' };
    const child = spawn(PYTHON, args, { env: { PATH: process.env.PATH, ...small }, stdio: 'ignore' });
    t.after(() => void child.kill('SIGKILL'));
    await until(async () => (await cloud.read(NAME)) === written, 20);
    // A first part, and then 31 at a time: one write of the log in each round.
    const joins = cloud.calls.filter(({ operation }) => operation === COMPOSE).length;
    assert.equal(joins, Math.ceil((written.length - 1000) / 31_000));
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
    assert.deepEqual(await cloud.names('runs'), [], 'scratch objects are gone');
  });
});
