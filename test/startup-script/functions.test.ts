import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PYTHON, runFunctions, TOOLS } from './fixture/tool.ts';

const directory = mkdtempSync(join(tmpdir(), 'vicinity-functions-'));
after(() => rmSync(directory, { recursive: true, force: true }));
mkdirSync(join(directory, 'stamps'));
const env = { VICINITY_WORK_DIR: directory };

async function printed(code: string): Promise<string> {
  const { status, stdout, stderr } = await runFunctions(
    `set -Eeuo pipefail\nRUN_DIR='${directory}' TOOLS='${TOOLS}' PYTHON='${PYTHON}'\n${code}`,
    env,
  );
  assert.deepEqual([status, stderr], [0, '']);
  return stdout;
}

test('sourced, the script only defines functions', async () => {
  assert.deepEqual(await runFunctions('', env), { status: 0, stdout: '', stderr: '' });
});

test('a third of the vCPUs are workers, and at least one', async () => {
  assert.equal(await printed('for n in 1 2 3 8 32 96; do default_workers $n; done'), '1\n1\n1\n2\n10\n32\n');
});

test('a console line is one line, and short', async () => {
  assert.equal(await printed("say $'one\\ntwo\\rthree'"), '[vicinity] one two three\n');
  assert.equal((await printed('print_line "$(head -c 70000 /dev/zero | tr "\\0" x)"')).length, 1001);
});

test('a phase is timed, and recorded', async () => {
  const code = 'record_phase apt 1499999; record_phase rust 61500000; cat "$RUN_DIR/phases.jsonl"';
  assert.equal(
    await printed(code),
    '[timer] apt 1s\n[timer] rust 62s\n{"name": "apt", "seconds": 1.499}\n{"name": "rust", "seconds": 61.500}\n',
  );
});

test('times are UTC, whatever the zone', async () => {
  const code = 'export TZ=Asia/Tokyo; now_utc a; echo "$a"; TZ=UTC0 date +%Y-%m-%dT%H:%M:%SZ';
  const [ours, theirs] = (await printed(code)).split('\n');
  assert.ok(Math.abs(Date.parse(ours ?? '') - Date.parse(theirs ?? '')) <= 1000, `${ours} ${theirs}`);
});

test('a stamp holds for exactly what it was made from', async () => {
  const code = `stamp apt 'a b'
is_stamped apt 'a b' && echo yes
is_stamped apt 'a' || echo no
is_stamped python 'a b' || echo none`;
  assert.equal(await printed(code), 'yes\nno\nnone\n');
});

test('the first failure stands', async () => {
  const code = 'note_failure apt "no package"; note_failure rust "no network"; cat "$RUN_DIR/failure"';
  assert.equal(await printed(code), '[vicinity] FAILED in phase apt: no package\napt\nno package\n');
});

test('requirements that name other files have no stamp to go by', async () => {
  const file = join(directory, 'requirements.txt');
  const verdicts: string[] = [];
  for (const line of ['numpy==2', '-r base.txt', '--constraint c.txt', './wheel', ' -e .']) {
    writeFileSync(file, `${line}\n`);
    verdicts.push(await printed(`if names_other_files '${file}'; then echo yes; else echo no; fi`));
  }
  assert.deepEqual(verdicts, ['no\n', 'yes\n', 'yes\n', 'yes\n', 'yes\n']);
});

test('no command outlives the time that the run has', async () => {
  const code = `MAX_SECONDS=1; run_logged 600 sleep 60 || echo $?; tail -n 2 "$RUN_DIR/startup_detail.log"`;
  assert.match(await printed(code), /^124\n\$ sleep 60\nStopped after [01] s\.\n$/);
});

const REASONS: [string, string, string][] = [
  [
    '124',
    '',
    'make all was stopped at the limit of 60 s (maxDuration). What it had made by then is uploaded.',
  ],
  [
    '137',
    '',
    'make all was killed (exit code 137, signal 9), as the kernel does when memory runs out. Use fewer WORKERS (now 9) or a machine with more memory.',
  ],
  [
    '2',
    'make: *** [Makefile:3: all] Error 3',
    'make all failed with exit code 2: make: *** [Makefile:3: all] Error 3',
  ],
  ['2', 'no such line', 'make all failed with exit code 2'],
];
for (const [status, log, reason] of REASONS) {
  test(`exit code ${status}, '${log}' at the end of the log: the reason is ${reason.slice(0, 40)}…`, async () => {
    writeFileSync(join(directory, 'build.log'), `x\n${log}\n`);
    const code = `TARGET=all MAX_SECONDS=60 WORKERS=9; oom_kills OOM_BEFORE; explain_job ${status}`;
    assert.equal(await printed(code), `${reason}\n`);
  });
}

test('the kernel’s own count tells of memory that ran out', async () => {
  writeFileSync(join(directory, 'build.log'), '');
  const code = `TARGET=all WORKERS=9 OOM_BEFORE=1; oom_kills() { printf -v "$1" 3; }; explain_job 2`;
  assert.match(
    await printed(code),
    /^make all failed with exit code 2: memory ran out, and the kernel killed 2 of its processes\. Use fewer WORKERS \(now 9\)/,
  );
});
