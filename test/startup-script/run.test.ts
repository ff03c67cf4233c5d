import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PYTHON, run, runTool, TOOLS } from './fixture/tool.ts';
import { until } from './fixture/until.ts';

const directory = mkdtempSync(join(tmpdir(), 'vicinity-run-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const log = join(directory, 'log');
const late = join(directory, 'late');

const STATUSES: [string, string, number][] = [
  ['the command’s own', 'exit 7', 7],
  ['128 + N for signal N', 'kill -9 $$', 137],
  ['of a pipeline that ends by SIGPIPE as usual', 'set -o pipefail; yes | head -n 1 >/dev/null', 141],
];
for (const [what, code, status] of STATUSES) {
  test(`the exit status is ${what}`, async () => {
    // The script ignores SIGPIPE, and so does this shell: the command must not inherit that.
    const ignoring = `trap '' PIPE; '${PYTHON}' -BS '${TOOLS}run.py' 10 '${log}' '${late}' bash -c '${code}'`;
    assert.equal((await run('bash', ['-c', ignoring])).status, status);
  });
}

test('a command that does not exist ends with 127 and says so in the log', async () => {
  assert.equal((await runTool('run', ['10', log, late, 'no-such-command'])).status, 127);
  // The second where a folder of the PATH may not be read.
  const said = /^no-such-command: (No such file or directory|Permission denied)$/m;
  assert.match(readFileSync(log, 'utf8'), said);
});

test('at the deadline the command and its children end, TERM before KILL', async () => {
  const code = 'trap "echo told; exit" TERM; sleep 300 & echo $! ; wait';
  assert.equal((await runTool('run', ['0.5', log, late, 'bash', '-c', code])).status, 124);
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  assert.equal(lines.at(-1), 'told');
  await until(() => !isAlive(Number(lines.at(-2))), 5);
  assert.equal(existsSync(late), true, 'the mark of the deadline');
});

test('a command that exits with 124 by itself leaves no mark of the deadline', async () => {
  rmSync(late, { force: true });
  assert.equal((await runTool('run', ['10', log, late, 'bash', '-c', 'exit 124'])).status, 124);
  assert.equal(existsSync(late), false);
});

test('a job that opens /dev/stderr anew adds to the log, and does not cut it off', async () => {
  const code = 'echo first; echo second >/dev/stderr; echo third | tee /dev/stderr; echo fourth';
  assert.equal((await runTool('run', ['10', log, late, 'bash', '-c', code])).status, 0);
  assert.match(readFileSync(log, 'utf8'), /\nfirst\nsecond\nthird\nthird\nfourth\n$/);
});

test('all of the output is in the log, also what a full pipe holds when the command is told to end', async () => {
  const most = 3_000_000;
  const flood = `head -c ${most} /dev/zero | tr '\\0' x`;
  const file = join(directory, 'flood');
  assert.equal((await runTool('run', ['10', file, late, 'bash', '-c', flood])).status, 0);
  assert.equal(readFileSync(file, 'utf8'), 'x'.repeat(most));
  const flooding = `trap '${flood.replaceAll("'", '"')}; exit' TERM; sleep 300 & wait`;
  assert.equal((await runTool('run', ['0.5', file, late, 'bash', '-c', flooding])).status, 124);
  assert.equal(readFileSync(file, 'utf8').length, 2 * most);
});

test('a command that closes its output, and one that leaves others writing, end as usual', async () => {
  const began = performance.now();
  assert.equal(
    (await runTool('run', ['30', log, late, 'bash', '-c', 'exec >&- 2>&-; sleep 1; exit 3'])).status,
    3,
  );
  const file = join(directory, 'endless');
  const endless = 'setsid yes & echo $!; exit 4';
  assert.equal((await runTool('run', ['30', file, late, 'bash', '-c', endless])).status, 4);
  assert.ok(performance.now() - began < 10_000);
});

test('children that the command leaves behind end with it', async () => {
  assert.equal((await runTool('run', ['10', log, late, 'bash', '-c', 'sleep 300 & echo $!'])).status, 0);
  const pid = Number(readFileSync(log, 'utf8').trimEnd().split('\n').at(-1));
  await until(() => !isAlive(pid), 5);
});

const WRITE = `while :; do echo x >>'${directory}/moving'; sleep 0.02; done`;
const ESCAPES: [string, string][] = [
  ['in a session of its own', `setsid sh -c "${WRITE}" >/dev/null 2>&1 & sleep 0.3`],
  [
    'that has lost its parent',
    `setsid sh -c "setsid sh -c \\"${WRITE}\\" & exit" >/dev/null 2>&1; sleep 0.3`,
  ],
  [
    'that forks again and again',
    `f() { echo x >>'${directory}/moving'; sleep 0.02; f & }; f >/dev/null 2>&1; sleep 0.3`,
  ],
  // No listing of /proc is sure to show a process of such a chain.
  ['that forks without a pause', `f() { echo x >>'${directory}/moving'; f & }; f >/dev/null 2>&1; sleep 0.3`],
];
for (const [what, code] of ESCAPES)
  test(`a process ${what} ends with the command`, {
    skip: process.platform !== 'linux' && 'skipped, because setsid(1) is not everywhere',
  }, async () => {
    const moving = join(directory, 'moving');
    rmSync(moving, { force: true });
    assert.equal((await runTool('run', ['10', log, late, 'bash', '-c', code])).status, 0);
    const size = readFileSync(moving).length;
    assert.ok(size > 0);
    await sleep(200);
    assert.equal(readFileSync(moving).length, size);
  });

test('where orphans are not adopted, as on macOS, descendants are remembered by ps', async () => {
  const code = `import sys, subprocess, time; sys.path.insert(0, ${JSON.stringify(TOOLS)})
from family import Family
family = Family(is_linux=False)
child = subprocess.Popen(["bash", "-c", "sleep 0.5; setsid sleep 300 & echo $!; sleep 0.5"], stdout=subprocess.PIPE, text=True)
pid = child.stdout.readline()
family.note()
child.wait()
family.end()
print(pid, end="")`;
  const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', code]);
  assert.equal(stderr, '');
  await until(() => !isAlive(Number(stdout)), 5);
});

test('the command ends when the program that started run.py is killed', async () => {
  const code = `'${PYTHON}' -BS '${TOOLS}run.py' 60 '${log}' '${late}' bash -c 'echo pid $$; exec sleep 300' & wait`;
  const parent = spawn('bash', ['-c', code], { stdio: 'ignore' });
  await until(() => /^pid \d+$/m.test(readFileSync(log, 'utf8')));
  const pid = Number(/^pid (\d+)$/m.exec(readFileSync(log, 'utf8'))?.[1]);
  assert.equal(isAlive(pid), true);
  parent.kill('SIGKILL');
  await until(() => !isAlive(pid), 10);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
