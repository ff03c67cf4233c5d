import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { listProcesses } from '../../local/vm/process/process-table.ts';
import { type Status, statusSchema } from '../../shared/model/status.ts';
import { readDocument } from '../docs/markdown.ts';
import { eventually } from './harness.ts';

/** `npm start` as a person sees it: its exit code, what is on stdout and stderr, and that it leaves nothing behind. */
const PROGRAM = join(import.meta.dirname, '../../scripts/start.ts');
const temporary = mkdtempSync(join(tmpdir(), 'start-'));
const example = join(import.meta.dirname, '../../examples/vicinity');
const results = join(example, 'data/categories_results');
const runIds: string[] = [];
after(() => {
  rmSync(temporary, { recursive: true });
  for (const runId of runIds) {
    rmSync(join(results, runId), { recursive: true });
    rmSync(join(example, 'logs/remote_runs', `${runId}-serial.log`));
  }
  // It may lead to results that are gone now; the next pull makes it anew.
  rmSync(join(results, 'latest'), { force: true });
});

/** In a process group of its own, as a shell starts it; all that it starts has the name of `temporary` in its environment. */
function start(...args: string[]): ChildProcess {
  const env = { ...process.env, TMPDIR: temporary };
  return spawn(process.execPath, [PROGRAM, ...args], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess) {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'exit'),
  ]);
  return { stdout, stderr, code, signal };
}

/** The last line of stdout. */
function lastStatus(stdout: string): Status {
  const status = statusSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  runIds.push(status.runId);
  return status;
}

/** The lines of the README's excerpt of `npm start`. */
function readmeExcerpt(): string[] {
  const excerpt = readDocument('README.md').fences.find(({ language }) => language === 'text');
  assert.ok(excerpt);
  return excerpt.text.split('\n').filter((line) => line.trim() !== '' && line.trim() !== '…');
}

/** The lines that the output lacks, apart from run ids, durations and numbers. */
function notPrinted(lines: string[], output: string): string[] {
  const printed = new Set(output.split('\n').map(withoutNumbers));
  return lines.filter((line) => !printed.has(withoutNumbers(line)));
}

function withoutNumbers(line: string): string {
  return line
    .replace(/\d{8}-\d{6}-[0-9a-f]{4}/, 'RUN_ID')
    .replaceAll(/\d+ (h|min|s)\b( \d+ (min|s)\b)?/g, 'DURATION')
    .replaceAll(/\d+/g, '0')
    .trimEnd();
}

async function assertNothingIsLeft(): Promise<void> {
  const left = (await listProcesses()).filter(({ environment }) => environment.includes(temporary));
  assert.deepEqual(
    left.map(({ pid }) => pid),
    [],
  );
  assert.deepEqual(
    readdirSync(temporary).filter((name) => name.startsWith('vicinity')),
    [],
  );
}

test('ends with 0 and the final status as the last line of stdout', async () => {
  const { stdout, stderr, code } = await ended(start('--json', '--param', 'STATES=massachusetts'));
  assert.equal(code, 0, stderr);
  const status = lastStatus(stdout);
  assert.deepEqual(
    [status.status, status.verdict, status.params],
    ['succeeded', 'ok', { STATES: 'massachusetts' }],
  );
  assert.ok(status.vm.terminatedSeenAt);
  assert.match(stderr, /d_anchor_category succeeded in \d+ s/);
  assert.deepEqual(notPrinted(readmeExcerpt(), stderr), []);
  await assertNothingIsLeft();
});

test('ends with 1 where the run fails, and shows why', async () => {
  const { stdout, stderr, code } = await ended(start('--json', '--param', 'STATES=atlantis'));
  assert.equal(code, 1, stderr);
  const status = lastStatus(stdout);
  assert.deepEqual([status.status, status.exitCode, status.phase], ['failed', 2, 'make']);
  assert.match(stderr, /\[error\] STATES must be 'all' or states such as .*, not 'atlantis'/);
  await assertNothingIsLeft();
});

test('Ctrl-C in mid-run ends it and everything that it has started', async () => {
  const child = start();
  let shown = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  await eventually('the run at work', async () => (shown.includes('[d_anchor_category]') ? true : undefined));
  const end = once(child, 'exit');
  // A terminal sends it to the whole process group.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  assert.deepEqual(await end, [130, null]);
  assert.match(shown, /\nEnded, and the local cloud and the run with it\.\n$/);
  await assertNothingIsLeft();
});
