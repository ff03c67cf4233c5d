import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pushOf } from '../../../local/test/functions/stub-bundles.ts';
import { listProcesses } from '../../../local/vm/process/process-table.ts';
import { assertComplete } from '../../cli/support/documented.ts';

const PROGRAM = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url));
const top = realpathSync(mkdtempSync(join(tmpdir(), 'main-')));
const below = join(top, 'a', 'b');
const stateDir = join(top, '.vicinity-local');
mkdirSync(join(top, '.git'));
mkdirSync(below, { recursive: true });
writeFileSync(join(top, 'Makefile'), 'all:\n');
after(async () => {
  await local(['down']);
  rmSync(top, { recursive: true });
});

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(args: string[], cwd = top): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function local(args: string[], cwd = top): Promise<Result> {
  const child = start(args, cwd);
  assert.ok(child.stdout && child.stderr);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

const UP = ['up', '--port-base', '0', '--no-push'];

interface Running {
  pid: number;
  ready: { endpoints: Record<string, string> };
}

const running = () => JSON.parse(readFileSync(join(stateDir, 'running.json'), 'utf8')) as Running;

test('without a local cloud: env exits 4 with a remedy, down does nothing', async () => {
  assert.deepEqual(await local(['env'], below), {
    code: 4,
    stdout: '',
    stderr: `The local cloud of ${stateDir} is not running. Start it with: vicinity local up --detach\n`,
  });
  assert.deepEqual(await local(['down']), {
    code: 0,
    stdout: '',
    stderr: `No local cloud is running in ${stateDir}.\n`,
  });
});

test('runs in the background, once, and ends when asked to', async () => {
  const up = await local([...UP, '--detach']);
  assert.equal(up.code, 0, up.stderr);
  assert.match(
    up.stdout,
    /^The local cloud is up\. Its VM runs in process mode: on this computer, with its programs\.\n/,
  );
  const { pid, ready } = running();
  const again = await local(UP);
  assert.equal(again.code, 0);
  assert.match(
    again.stdout,
    new RegExp(`^The local cloud is already running \\(pid ${pid}\\)\\.\n\nThe local cloud is up\\.`),
  );

  const env = await local(['env'], below);
  assert.equal(env.code, 0);
  assert.ok(env.stdout.includes(`export STORAGE_EMULATOR_HOST=${ready.endpoints.storage}\n`));
  assert.ok(
    env.stdout
      .split('\n')
      .slice(0, -1)
      .every((line) => line.startsWith('export ')),
  );
  assert.equal(readFileSync(join(stateDir, '.gitignore'), 'utf8'), '*\n');

  const down = await local(['down'], below);
  assert.equal(down.stderr, `The local cloud (pid ${pid}) has ended. Its state is kept in ${stateDir}.\n`);
  assert.equal(down.code, 0);
  assert.equal((await local(['env'])).code, 4);
});

test('--json: where it is, its variables and its end, alone on stdout', async () => {
  const up = await local([...UP, '--detach', '--json']);
  const { pid, ready } = running();
  assert.deepEqual(JSON.parse(up.stdout), { pid, ...ready });
  const again = await local([...UP, '--json']);
  assert.deepEqual(JSON.parse(again.stdout), { pid, ...ready });
  assert.equal(again.stderr, `The local cloud is already running (pid ${pid}).\n`);
  assertComplete('local-up', JSON.parse(up.stdout));
  const env = JSON.parse((await local(['env', '--json'])).stdout);
  assertComplete('local-env', env);
  assert.equal(env.STORAGE_EMULATOR_HOST, ready.endpoints.storage);
  assert.match(env.NO_PROXY, /127\.0\.0\.1,localhost$/);
  const down = await local(['down', '--json']);
  assert.deepEqual(JSON.parse(down.stdout), { ended: true, pid, state: stateDir });
  assertComplete('local-down', JSON.parse(down.stdout));
});

test('started again after a change of vicinity.yaml, it restarts and names the change', async (t) => {
  const config = join(top, 'vicinity.yaml');
  t.after(() => rmSync(config));
  writeFileSync(config, 'defaultTarget: all\ntargets: { all: {} }\n');
  await local([...UP, '--detach']);
  const { pid } = running();
  assert.match((await local([...UP, '--detach'])).stdout, /is already running/);
  writeFileSync(config, 'defaultTarget: all\ntargets: { all: {} }\nlimits: { maxDuration: 2h }\n');
  const { stdout, stderr } = await local([...UP, '--detach']);
  assert.match(
    stdout + stderr,
    new RegExp(
      `The configuration has changed \\(limits\\.maxDuration\\)\\. The local cloud \\(pid ${pid}\\) restarts with it\\.`,
    ),
  );
  assert.notEqual(running().pid, pid);
  await local(['down']);
});

test('Ctrl-C ends it in the foreground', async () => {
  const child = start(UP);
  assert.ok(child.stdout);
  const exited = once(child, 'exit');
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    if (!chunk.includes('The local cloud is up.')) continue;
    // From the terminal, and from the command that started it.
    child.kill('SIGINT');
    child.kill('SIGTERM');
  }
  assert.deepEqual(await exited, [0, null]);
  assert.equal((await local(['down'])).stderr, `No local cloud is running in ${stateDir}.\n`);
});

test('in the foreground it ends when nobody reads any more what happens', async () => {
  const child = start(UP);
  assert.ok(child.stdout && child.stderr);
  const exited = once(child, 'exit');
  const errors = text(child.stderr);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  // Something to tell: the sweep.
  const body = JSON.stringify({ advanceSeconds: 600 });
  await fetch(`${running().ready.endpoints.admin}/clock`, { method: 'POST', body });
  assert.deepEqual(await exited, [0, null]);
  assert.equal(await errors, '');
  assert.equal((await local(['env'])).code, 4);
});

test('after SIGKILL nothing of it goes on running, and it can be started again', async () => {
  await local([...UP, '--detach']);
  const { pid, ready } = running();
  const event = { method: 'POST', headers: { 'content-type': 'application/json' }, body: pushOf({}) };
  // Whatever the function says to this event, its instance stays warm.
  await fetch(`${ready.endpoints.functions}/start-run/projects/vicinity-local/topics/vicinity-run`, event);
  const children = (await listProcesses()).filter(({ parent }) => parent === pid).map((child) => child.pid);
  assert.ok(children.length >= 2, 'a function and the watchdog of the VMs');
  process.kill(pid, 'SIGKILL');
  await gone([pid, ...children]);
  assert.equal((await local(['env'])).code, 4);
  assert.equal((await local([...UP, '--detach'])).code, 0);
  assert.equal((await local(['down'])).code, 0);
});

test('a wrong option is told with exit status 2', async () => {
  for (const port of ['80', '65527'])
    assert.deepEqual(await local(['up', '--port-base', port]), {
      code: 2,
      stdout: '',
      stderr: `error: option '--port-base <n>' argument '${port}' is invalid. It must be 0, or a port from 1024 to 65526.\n`,
    });
});

test('where a state directory is named, so it is in the remedy', async () => {
  const elsewhere = join(top, 'else where');
  assert.equal(
    (await local(['env', '--state', elsewhere])).stderr,
    `The local cloud of ${elsewhere} is not running. Start it with: vicinity local up --detach --state '${elsewhere}'\n`,
  );
});

test('a fault of its own is exit status 70', async () => {
  const broken = join(top, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'running.json'), 'not JSON');
  const { code, stderr } = await local(['env', '--state', broken]);
  assert.equal(code, 70);
  assert.match(stderr, /running\.json cannot be read\. Remove it if no local cloud is running\./);
});

test('starts with an empty project that enforces permissions', async () => {
  const state = ['--state', join(top, 'guarded')];
  const up = await local(['up', '--port-base', '0', '--iam', '--detach', ...state]);
  assert.equal(up.code, 0, up.stderr);
  // The commands that it tells find it from anywhere.
  assert.ok(up.stdout.includes(`eval "$(vicinity local env ${state.join(' ')})"\n`), up.stdout);
  assert.ok(up.stdout.endsWith(`vicinity local down ${state.join(' ')}\n`), up.stdout);
  assert.match(
    up.stdout,
    /project {4}vicinity-local, empty; permissions are enforced, and you are its owner\n/,
  );
  const env = await local(['env', ...state]);
  const [, url] = /VICINITY_IAM_ENDPOINT=(\S+)/.exec(env.stdout) ?? [];
  const roles = `${url}/v1/projects/vicinity-local/roles`;
  const answers = [
    await fetch(roles),
    await fetch(roles, { headers: { authorization: 'Bearer ya29.local.a@b.c' } }),
  ];
  // The API is not enabled in an empty project.
  assert.deepEqual(
    answers.map(({ status }) => status),
    [403, 403],
  );
  await local(['down', ...state]);
});

const GONE_DEADLINE_MS = 5000;

async function gone(pids: number[]): Promise<void> {
  const deadline = performance.now() + GONE_DEADLINE_MS;
  for (let pause = 20; ; pause *= 2) {
    const alive = (await listProcesses()).filter(({ pid }) => pids.includes(pid));
    if (alive.length === 0) return;
    assert.ok(performance.now() < deadline, `still running: ${alive.map(({ pid }) => pid).join(', ')}`);
    await sleep(pause);
  }
}
