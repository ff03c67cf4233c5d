import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUCKET } from './fixture/cloud.ts';
import { cloudFor } from './fixture/cloud-scope.ts';
import { ATTEMPT, RUN_ID } from './fixture/machine.ts';
import { PYTHON, TOOLS } from './fixture/tool.ts';
import { until } from './fixture/until.ts';

test('a lost console and an unreadable phase do not stop the heartbeat; its messages reach serial.log', async (t) => {
  const { cloud, directory, env } = await cloudFor(t);
  const phase = join(directory, 'phase');
  cloud.faults.add({ operation: 'storage.objects.insert', kind: 'error', times: 3 });
  const args = [BUCKET, ATTEMPT, RUN_ID, '1', 'boot', '1', phase, join(directory, 'build.log'), '('];
  const child = spawn(PYTHON, ['-BS', `${TOOLS}heartbeat.py`, ...args], {
    env: { PATH: process.env.PATH, ...env, SERIAL_LOG: join(directory, 'serial.log') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => void child.kill('SIGKILL'));
  child.stdout.destroy();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  writeFileSync(phase, 'make 2026-11-24T03:06:43Z\n');
  await until(async () => (await cloud.read(`${ATTEMPT}/heartbeat.json`)) !== undefined, 30);
  assert.equal(child.exitCode, null);
  const [first] = readFileSync(join(directory, 'serial.log'), 'utf8').split('\n');
  assert.match(first ?? '', /^\[vicinity\] the progress pattern is of no use here: /);
});
