import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PYTHON, run, runTool, TOOLS } from './fixture/tool.ts';
import { until } from './fixture/until.ts';

const directory = mkdtempSync(join(tmpdir(), 'vicinity-run-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const log = join(directory, 'log');

const STATUSES: [string, string, number][] = [
  ['the command’s own', 'exit 7', 7],
  ['128 + N for signal N', 'kill -9 $$', 137],
  ['of a pipeline that ends by SIGPIPE as usual', 'set -o pipefail; yes | head -n 1 >/dev/null', 141],
];
for (const [what, code, status] of STATUSES) {
  test(`the exit status is ${what}`, async () => {
    // The script ignores SIGPIPE, and so does this shell: the command must not inherit that.
    const ignoring = `trap '' PIPE; '${PYTHON}' -BS '${TOOLS}run.py' 10 '${log}' bash -c '${code}'`;
    assert.equal((await run('bash', ['-c', ignoring])).status, status);
  });
}

test('a command that does not exist ends with 127 and says so in the log', async () => {
  assert.equal((await runTool('run', ['10', log, 'no-such-command'])).status, 127);
  assert.match(readFileSync(log, 'utf8'), /^no-such-command: No such file or directory$/m);
});

test('at the deadline the command and its children end, TERM before KILL', async () => {
  const code = 'trap "echo told; exit" TERM; sleep 300 & echo $! ; wait';
  assert.equal((await runTool('run', ['0.5', log, 'bash', '-c', code])).status, 124);
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  assert.equal(lines.at(-1), 'told');
  await until(() => !isAlive(Number(lines.at(-2))), 5);
});

test('children that the command leaves behind end with it', async () => {
  assert.equal((await runTool('run', ['10', log, 'bash', '-c', 'sleep 300 & echo $!'])).status, 0);
  const pid = Number(readFileSync(log, 'utf8').trimEnd().split('\n').at(-1));
  await until(() => !isAlive(pid), 5);
});

test('the command ends when the program that started run.py is killed', async () => {
  const code = `'${PYTHON}' -BS '${TOOLS}run.py' 60 '${log}' bash -c 'echo pid $$; exec sleep 300' & wait`;
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
