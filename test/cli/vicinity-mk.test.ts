import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { withoutProgram } from '../../local/test/support/without-program.ts';

const FRAGMENT = path.join(import.meta.dirname, '../../cli/vicinity.mk');

const RUN_ID = '20261124-030643-1a2b';
/** Records its arguments, one call a line, prints a run id where it runs, and exits with $EXIT_<command>. */
const STUB = `#!/bin/sh
(IFS='|'; echo "$*") >> "$CALLS"
test "$1" != run || echo ${RUN_ID}
eval "exit \\\${EXIT_$1:-0}"
`;

/** GNU make: the fragment needs its functions. */
const skip = withoutProgram('make');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'vicinity-mk-'));
  writeFileSync(path.join(directory, 'vicinity'), STUB);
  chmodSync(path.join(directory, 'vicinity'), 0o755);
  makefile(`include ${FRAGMENT}\nfirst:\n\t@echo the first target\n`);
});
afterEach(() => rmSync(directory, { recursive: true }));

function makefile(text: string): void {
  writeFileSync(path.join(directory, 'Makefile'), text);
  writeFileSync(path.join(directory, 'calls'), '');
}

interface Made {
  exitCode: number;
  stdout: string;
  calls: string[];
}

function make(arguments_: string[], env: Record<string, string> = {}): Promise<Made> {
  const calls = path.join(directory, 'calls');
  const environment = { PATH: `${directory}:${process.env.PATH}`, CALLS: calls, ...env };
  return new Promise((resolve, reject) => {
    execFile(
      'make',
      ['-C', directory, ...arguments_],
      { env: environment, timeout: 10_000 },
      (error, stdout) => {
        if (error && typeof error.code !== 'number') return reject(error);
        const lines = readFileSync(calls, 'utf8').split('\n').filter(Boolean);
        resolve({ exitCode: Number(error?.code ?? 0), stdout, calls: lines });
      },
    );
  });
}

test('categories_remote pushes, runs d_anchor_category, and follows and pulls that run, whatever others ask for', {
  skip,
}, async () => {
  const { exitCode, calls } = await make(['categories_remote']);
  assert.equal(exitCode, 0);
  assert.deepEqual(calls, ['push', 'run|--target|d_anchor_category', `watch|${RUN_ID}`, `pull|${RUN_ID}`]);
});

test('pipeline_remote runs the target all, with what was given to make or is in the environment', {
  skip,
}, async () => {
  const given = ['pipeline_remote', 'STATES=massachusetts new-hampshire', 'VICINITY_PULL_ARGS=--fan-out'];
  const { calls } = await make([...given, 'VICINITY_ARGS=--machine-type c4d-highcpu-96'], { WORKERS: '48' });
  assert.deepEqual(calls, [
    'push',
    'run|--target|all|--param|WORKERS=48|--param|STATES=massachusetts new-hampshire|--machine-type|c4d-highcpu-96',
    `watch|${RUN_ID}`,
    `pull|${RUN_ID}|--fan-out`,
  ]);
});

test('a variable that only the Makefile sets, and an empty one, is not passed on', { skip }, async () => {
  makefile(`STATES = massachusetts\ninclude ${FRAGMENT}\n`);
  const { calls } = await make(['categories_remote', 'WORKERS=']);
  assert.equal(calls[1], 'run|--target|d_anchor_category');
});

test('a quote in a value reaches the command as it is, and not the shell', { skip }, async () => {
  const { calls } = await make(['categories_remote', "STATES=a'; echo b $(HOME) #"], { HOME: '/nowhere' });
  assert.equal(calls[1], "run|--target|d_anchor_category|--param|STATES=a'; echo b /nowhere #");
});

test('VICINITY_PARAMS names the variables of the environment that are passed on', { skip }, async () => {
  makefile(`VICINITY_PARAMS := CUTOFF\ninclude ${FRAGMENT}\n`);
  const { calls } = await make(['categories_remote'], { CUTOFF: '60', WORKERS: '3' });
  assert.equal(calls[1], 'run|--target|d_anchor_category|--param|CUTOFF=60');
});

test('every variable that is given to make is passed on, and those of the environment that vicinity.yaml declares', {
  skip,
}, async () => {
  writeFileSync(
    path.join(directory, 'vicinity.yaml'),
    'params:\n  # K_OLD: no more\n  K_BEST: { pattern: "[0-9]+" }\ntargets: { all: { params: { CUTOFF: { pattern: x } } } }\n',
  );
  const given = ['pipeline_remote', 'CATEGORY_SHARDS=4', 'THREADS=1', 'TELEMETRY_INTERVAL=30', 'ANY=a b'];
  const { calls } = await make(given, { K_BEST: '3', CUTOFF: '60', K_OLD: '1', OTHER: '2' });
  const expected = 'THREADS=1 TELEMETRY_INTERVAL=30 CATEGORY_SHARDS=4 K_BEST=3 CUTOFF=60'.split(' ');
  const params = [...expected, 'ANY=a b'].map((param) => `--param|${param}`).join('|');
  assert.equal(calls[1], `run|--target|all|${params}`);
});

test('MACHINE_TYPE, PROJECT_ID, ZONE, INSTANCE_NAME and BUCKET are options of the command', {
  skip,
}, async () => {
  const place = ['PROJECT_ID=p', 'ZONE=z', 'INSTANCE_NAME=i', 'BUCKET=b'];
  const { calls } = await make(['categories_remote', 'MACHINE_TYPE=c4d-highcpu-96', ...place]);
  const options = '--project|p|--zone|z|--instance|i|--bucket|b';
  assert.deepEqual(calls, [
    `push|${options}`,
    `run|--target|d_anchor_category|--machine-type|c4d-highcpu-96|${options}`,
    `watch|${RUN_ID}|${options}`,
    `pull|${RUN_ID}|${options}`,
  ]);
  const fromEnvironment = await make(['vicinity_status'], { BUCKET: 'another' });
  assert.equal(fromEnvironment.calls.at(-1), 'status');
});

test('pipeline_remote fans out unless VICINITY_FAN_OUT is empty', { skip }, async () => {
  assert.equal((await make(['pipeline_remote'])).calls.at(-1), `pull|${RUN_ID}|--fan-out`);
  const { calls } = await make(['pipeline_remote', 'VICINITY_FAN_OUT=']);
  assert.equal(calls.at(-1), `pull|${RUN_ID}`);
});

test('a failed run fails make, and its partial results are pulled but not fanned out', { skip }, async () => {
  const { exitCode, calls } = await make(['categories_remote', 'VICINITY_PULL_ARGS=--fan-out'], {
    EXIT_watch: '1',
  });
  assert.equal(exitCode, 2);
  assert.deepEqual(calls.at(-1), `pull|${RUN_ID}`);
});

test('nothing is pulled when the run was refused, and nothing is run when the push failed', {
  skip,
}, async () => {
  const refused = await make(['categories_remote'], { EXIT_run: '3' });
  assert.equal(refused.exitCode, 2);
  assert.deepEqual(refused.calls, ['push', 'run|--target|d_anchor_category']);
  makefile(`include ${FRAGMENT}\n`);
  const unpushed = await make(['categories_remote'], { EXIT_push: '2' });
  assert.equal(unpushed.exitCode, 2);
  assert.deepEqual(unpushed.calls, ['push']);
});

test('a failed pull fails make', { skip }, async () => {
  assert.equal((await make(['categories_remote'], { EXIT_pull: '4' })).exitCode, 2);
});

test('vicinity_status and vicinity_logs ask for the newest run', { skip }, async () => {
  assert.deepEqual((await make(['vicinity_status', 'vicinity_logs'])).calls, ['status', 'logs']);
});

test('VICINITY names the command', { skip }, async () => {
  const { calls } = await make(['vicinity_status', 'VICINITY=env vicinity --project p']);
  assert.deepEqual(calls, ['--project|p|status']);
});

test('the including Makefile keeps its own default target', { skip }, async () => {
  assert.match((await make([])).stdout, /^the first target$/m);
});
