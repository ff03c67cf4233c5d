import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { OUTPUT_OF_COMMAND } from '../../../shared/json-schemas/documents.ts';
import { buildLogName, statusName } from '../../../shared/model/layout.ts';
import { objectsOfState, RUN_STATES } from '../../cli/screens/states.ts';
import { startBucket } from '../../cli/support/bucket.ts';
import { vicinity } from '../../cli/support/call.ts';
import { startControlPlane } from '../../cli/support/control-plane.ts';
import { assertComplete, documentedCommand } from '../../cli/support/documented.ts';
import { TestRepository } from '../../cli/support/repository.ts';
import { ScriptedClock } from '../../cli/support/scripted-clock.ts';
import { finishedStatus, RUN_ID, statusOf } from '../../cli/support/statuses.ts';
import { type Deployment, startDeployment } from '../../deploy/support/deployment.ts';
import { objectsOf, SAMPLE_RUNS } from '../../fakes/sample-history.ts';

/** What every command prints with --json, against its published schema: nothing is missing, and nothing is undocumented. */

/** Their tests are beside those of the programs that they start. */
const ELSEWHERE = ['dashboard', 'image bake', 'local up', 'local env', 'local down'];
const FILES = {
  Makefile: 'WORKERS ?= 8\nall:\n\t./make.sh --out data/minutes/part.parquet\n',
  '.gitignore': 'data/\nlogs/\n',
  'vicinity.yaml': '',
};
const tested = new Set<string>();

async function check(args: string[], options: Parameters<typeof vicinity>[1]): Promise<string> {
  const { stdout, stderr } = await vicinity([...args, '--json'], options);
  assert.notEqual(stdout, '', stderr);
  const command = documentedCommand(args) ?? '';
  const name = OUTPUT_OF_COMMAND[command];
  assert.ok(name, args.join(' '));
  assertComplete(name, JSON.parse(stdout));
  tested.add(command);
  return stdout;
}

describe('the commands around runs', () => {
  const now = '2026-11-24T12:00:00Z';
  const [NEWEST = '', LAST = ''] = SAMPLE_RUNS.map(({ runId }) => runId);

  test('print what their schemas say', async () => {
    const bucket = await startBucket();
    const { env } = await startControlPlane(bucket);
    const { objects } = bucket;
    const states = Object.values(RUN_STATES).map((state) => objectsOfState(state));
    for (const each of [...SAMPLE_RUNS.map((run) => objectsOf(run)), ...states]) {
      for (const [name, text] of Object.entries(each)) await objects.put(name, text);
    }
    using repository = new TestRepository(FILES);
    const cwd = repository.directory;
    const finish = () => objects.put(statusName(RUN_ID), JSON.stringify(finishedStatus()));
    const show = (...args: string[]) => check(args, { cwd, env, clock: new ScriptedClock([finish], now) });
    const running = statusOf({ status: 'running', attempt: 1 });

    await check(['init', '--dry-run'], { cwd });
    await check(['check'], { cwd });
    await show('push', '--dry-run');
    await show('push');
    const { runId } = JSON.parse(await check(['run', '--target', 'all'], { cwd, env }));
    await check(['cancel', runId], { cwd, env });
    await show('ssh', '--dry-run');
    for (const { status } of Object.values(RUN_STATES)) await show('status', status.runId);
    await show('watch', NEWEST);
    await show('logs', NEWEST);
    await show('history', '--limit', '14');
    await show('compare', LAST, NEWEST);
    await show('compare', NEWEST, RUN_STATES.queued.status.runId);
    await show('tune', NEWEST);
    await show('report', NEWEST);
    await show('pull', NEWEST, '--fan-out');
    await objects.put(statusName(RUN_ID), JSON.stringify(running));
    await objects.put(buildLogName(RUN_ID), 'one\n');
    await show('logs', '--follow', RUN_ID);
  });
});

describe('the commands around a deployment', { timeout: 300_000 }, () => {
  let project: Deployment;
  before(async () => {
    project = await startDeployment({ adopted: true });
  });
  after(() => project[Symbol.asyncDispose]());

  test('print what their schemas say', async () => {
    const show = (...args: string[]) => check(args, project.host);
    await show('doctor');
    await show('deploy', 'plan');
    await show('deploy', 'apply', '--yes');
    const stdin = 'https://hooks.slack.com/services/T0/B0/x';
    await check(['deploy', 'secret'], { ...project.host, stdin });
    await show('deploy', 'verify', '--no-canary');
    await show('schedule', 'show');
    await show('schedule', 'set', 'weekly', '--cron', '0 5 * * 2');
    await show('schedule', 'pause', 'weekly');
    await show('schedule', 'resume', 'weekly');
    await show('schedule', 'run', 'weekly');
    await show('doctor');
    await show('deploy', 'destroy', '--yes');
  });
});

test('that was every command', () => {
  assert.deepEqual([...tested, ...ELSEWHERE].toSorted(), Object.keys(OUTPUT_OF_COMMAND).toSorted());
});
