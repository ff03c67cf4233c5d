import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { vicinity } from './support/call.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vicinity-ssh-'));
const log = path.join(folder, 'calls');
const PLACE = '--project=vicinity-local --zone=us-east4-c';
after(() => rmSync(folder, { recursive: true }));
beforeEach(() => writeFileSync(log, ''));

/** A gcloud that notes its calls, and ends with 1 where one of them has the word in FAIL. */
writeFileSync(
  path.join(folder, 'gcloud'),
  '#!/bin/sh\necho "$@" >> "$CALLS"\ncase "$*" in *"$FAIL"*) exit 1 ;; esac\n',
  { mode: 0o755 },
);

function call(args: string[], fail = 'nothing') {
  const PATH = `${folder}:${process.env.PATH}`;
  return vicinity(args, { env: { PATH, CALLS: log, FAIL: fail } });
}

const calls = () => readFileSync(log, 'utf8').trimEnd().split('\n');

test('the VM is put on hold before the shell opens, and it is said how to let it go', async () => {
  const { code, stderr } = await call(['ssh']);
  assert.equal(code, 0);
  const expected = [
    `compute instances add-labels vicinity-batch ${PLACE} --labels=vicinity-hold=true`,
    `compute instances add-metadata vicinity-batch ${PLACE} --metadata=VICINITY_HOLD=true`,
    `compute ssh vicinity-batch ${PLACE}`,
  ];
  assert.deepEqual(calls(), expected);
  assert.deepEqual(stderr.split('\n'), [
    ...expected.map((args) => `gcloud ${args}`),
    'vicinity-batch stays on and costs money until you run: vicinity ssh --release',
    '',
  ]);
});

test('one command, without keeping the VM on', async () => {
  await call(['ssh', '--no-hold', '--', 'tail', '-n', '5', '/var/log/syslog']);
  assert.deepEqual(calls(), [`compute ssh vicinity-batch ${PLACE} --command=tail -n 5 /var/log/syslog`]);
});

test('release takes back label and metadata', async () => {
  const { stderr } = await call(['ssh', '--release']);
  assert.deepEqual(calls(), [
    `compute instances remove-labels vicinity-batch ${PLACE} --labels=vicinity-hold`,
    `compute instances remove-metadata vicinity-batch ${PLACE} --keys=VICINITY_HOLD`,
  ]);
  assert.match(stderr, /vicinity-batch is released\. It stops once it has no run\.\n$/);
});

test('no shell where the hold is refused', async () => {
  const { code, stderr } = await call(['ssh'], 'add-metadata');
  assert.equal(code, 3);
  assert.equal(calls().length, 2);
  assert.match(
    stderr,
    /warning: gcloud exited with code 1\. Check that your account may change vicinity-batch\.\n$/,
  );
});

test('--dry-run prints what a shell would run', async () => {
  const { stdout } = await call(['ssh', '--no-hold', '-n', '--', 'df', '-h']);
  assert.equal(stdout, `gcloud compute ssh vicinity-batch ${PLACE} '--command=df -h'\n`);
  assert.deepEqual(calls(), ['']);
});

test('without gcloud it says how to go on', async () => {
  const { code, stderr } = await vicinity(['ssh'], { env: { PATH: '/nowhere' } });
  assert.equal(code, 2);
  assert.match(stderr, /error: gcloud: is not installed\. Install it \(https/);
});
