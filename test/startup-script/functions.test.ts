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
  const code =
    'note_failure apt provisioning "no package"; note_failure rust disk "full"; cat "$RUN_DIR/failure"';
  assert.equal(
    await printed(code),
    '[vicinity] FAILED in phase apt: no package\napt\nprovisioning\nno package\n',
  );
});

test('requirements that name other files are kept for the same package alone', async () => {
  mkdirSync(join(directory, 'src'), { recursive: true });
  const verdicts: string[] = [];
  for (const line of ['numpy==2', '-r base.txt', '--constraint c.txt', './wheel', ' -e .']) {
    writeFileSync(join(directory, 'src/requirements.txt'), `${line}\n`);
    const code = `REQUIREMENTS=requirements.txt; AS_JOB=(env)
SOURCE_SHA256=1; read_requirements; one="$REQUIREMENTS_STAMP"
SOURCE_SHA256=2; read_requirements; [[ $one == "$REQUIREMENTS_STAMP" ]] && echo same || echo differs`;
    verdicts.push(await printed(code));
  }
  assert.deepEqual(verdicts, ['same\n', ...Array(4).fill('differs\n')]);
});

test('what is kept is unpacked under exactly the stamp that it was packed under', async () => {
  for (const folder of ['kept', 'packed', 'unpacked']) mkdirSync(join(directory, folder));
  writeFileSync(join(directory, 'packed/file'), 'kept');
  const code = `AS_JOB=(env); keep python one "$RUN_DIR/packed" .
unpack_kept python two "$RUN_DIR/unpacked" || echo refused
unpack_kept python one "$RUN_DIR/unpacked" && cat "$RUN_DIR/unpacked/file"`;
  assert.equal(await printed(code), 'refused\nkept');
});

test('no command outlives the time that the run has, and the failure says so', async () => {
  const code = `rm -f "$RUN_DIR/failure"; PHASE=apt MAX_SECONDS=3 SECONDS=0; (run_logged 600 sleep 60) || echo $?
tail -n 2 "$RUN_DIR/startup_detail.log"; cat "$RUN_DIR/failure"`;
  const reason = 'Phase apt was stopped at the limit of 3 s (maxDuration).';
  const [said, ...rest] = (await printed(code)).trimEnd().split('\n');
  assert.equal(said, `[vicinity] FAILED in phase apt: ${reason}`);
  assert.match(rest.join('\n'), /^124\n\$ sleep 60\nStopped after [23] s\.\napt\ntime-limit\nPhase apt was /);
});

for (const [what, command] of [
  ['that exits with 124', 'bash -c "exit 124"'],
  ['that its own limit ends', 'sleep 60'],
])
  test(`a command ${what} has not used up the time of the run`, async () => {
    const code = `rm -f "$RUN_DIR/failure"; PHASE=python MAX_SECONDS=600; run_logged 1 ${command} || echo $?; [[ -e $RUN_DIR/failure ]] || echo none`;
    assert.equal(await printed(code), '124\nnone\n');
  });

/** How it ended, the end of the log, the cause, the reason. */
const REASONS: [string, string, string, string][] = [
  [
    'touch "$LATE_MARK"; fail_job 124',
    '',
    'time-limit',
    'make all was stopped at the limit of 60 s (maxDuration). What it had made by then is uploaded.',
  ],
  ['fail_job 124', '', 'exit', 'make all failed with exit code 124'],
  [
    'fail_job 137',
    '',
    'exit',
    'make all was killed (exit code 137, signal 9), as the kernel does when memory runs out. Use fewer WORKERS (now 9) or a machine with more memory.',
  ],
  [
    'fail_job 2',
    'make: *** [Makefile:3: all] Error 3',
    'exit',
    'make all failed with exit code 2: make: *** [Makefile:3: all] Error 3. The line before: x',
  ],
  ['fail_job 2', 'no such line', 'exit', 'make all failed with exit code 2'],
  [
    'fail_job 2',
    'sort: write failed: No space left on device',
    'disk',
    'make all failed with exit code 2: the disk is full. Give the VM a larger disk, or let the job write less.',
  ],
  [
    'oom_kills() { printf -v "$1" 3; }; fail_job 2',
    '',
    'memory',
    'make all failed with exit code 2: memory ran out, and the kernel killed 2 of its processes. Use fewer WORKERS (now 9) or a machine with more memory.',
  ],
  [
    'fail_provisioning 124 "pip cannot install x" "Do z."',
    'ERROR: y',
    'provisioning',
    'pip cannot install x: ERROR: y Do z.',
  ],
];
for (const [end, log, cause, reason] of REASONS) {
  test(`${end}, '${log}' at the end of the log: the cause is ${cause}, ${reason.slice(0, 40)}…`, async () => {
    for (const name of ['build.log', 'startup_detail.log'])
      writeFileSync(join(directory, name), `x\n${log}\n`);
    for (const name of ['failure', 'make.late']) rmSync(join(directory, name), { force: true });
    const code = `TARGET=all MAX_SECONDS=60 WORKERS=9 PHASE=make LATE_MARK="$RUN_DIR/make.late"
OOM_BEFORE=1; oom_kills() { printf -v "$1" 1; }; (${end}) >/dev/null || true; cat "$RUN_DIR/failure"`;
    assert.equal(await printed(code), `make\n${cause}\n${reason}\n`);
  });
}
