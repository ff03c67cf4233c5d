import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { blobName, checkpointName, latestStateName, savedStateName } from '../../../shared/model/layout.ts';
import { BUCKET } from '../../startup-script/fixture/cloud.ts';
import {
  type Machine,
  RUN_ID,
  type SpecChanges,
  startMachine,
} from '../../startup-script/fixture/machine.ts';
import { until } from '../../startup-script/fixture/until.ts';

const NEXT_RUN = '20261125-030643-1a2b';
const SAVED = savedStateName('all', RUN_ID, 1);
const LATEST = latestStateName('all');
const CHECKPOINT = checkpointName('all', RUN_ID);
const STATE = { state: { paths: ['build', 'data'], checkpointSeconds: 1 }, outputs: ['data'] };

const again = (attempt: number): SpecChanges => ({
  metadata: { ATTEMPT: String(attempt) },
  spec: { ...STATE, attempt },
});
const nextRun: SpecChanges = {
  metadata: { RUN_ID: NEXT_RUN, RESULTS_PREFIX: `gs://${BUCKET}/results/${NEXT_RUN}` },
  spec: { ...STATE, runId: NEXT_RUN },
};

async function outcomeOf(machine: Machine, runId: string, attempt = 1) {
  return JSON.parse((await machine.cloud.read(`runs/${runId}/attempt-${attempt}/outcome.json`)) ?? '{}');
}

/** Without make's own words. */
async function logOf(machine: Machine, runId: string): Promise<string> {
  const log = (await machine.cloud.read(`results/${runId}/build.log`)) ?? '';
  return log.replaceAll(/^make: (?:Entering|Leaving) .*\n/gm, '');
}

/** Boots the second attempt of a run whose first one was cut short in a pause; it pauses no more. */
async function secondAttempt(machine: Machine, Makefile: string): Promise<void> {
  const { metadata = {}, spec } = again(2);
  await machine.submit({ Makefile }, { metadata, spec: { ...spec, params: { PAUSE: '0' } } });
  const { status, console } = await machine.boot();
  assert.equal(status, 0, console);
}

/** Two steps, each of which says that it runs; make decides by the times. */
const STEPS = `all: data/a data/b
data/a: a.txt ; @echo make a; mkdir -p data; cp a.txt $@
data/b: b.txt ; @echo make b; mkdir -p data build; cp b.txt $@; date >build/stamp; ln -sfn stamp build/link
`;

describe('state that is carried', { concurrency: 3 }, () => {
  test('the next run begins with it; what has changed since is made anew, and nothing else', async (t) => {
    const machine = await startMachine(t);
    await machine.submit({ Makefile: STEPS, 'a.txt': 'a', 'b.txt': 'b' }, { spec: STATE });
    const first = await machine.boot();
    assert.equal(first.status, 0, first.console);
    const { state } = await outcomeOf(machine, RUN_ID);
    assert.deepEqual(state, {
      restored: { note: 'There is no state yet.' },
      saved: { name: SAVED, files: 3, bytes: state.saved.bytes },
    });
    assert.deepEqual(await phasesOf(machine, RUN_ID), [
      'boot',
      'claim',
      'source',
      'restore',
      'make',
      'save',
      'upload',
    ]);

    // As the control plane does once the run is judged good.
    await machine.cloud.put(LATEST, JSON.stringify({ name: SAVED }));
    await machine.submit({ Makefile: STEPS, 'a.txt': 'a', 'b.txt': 'changed' }, nextRun);
    const second = await machine.boot();
    assert.equal(second.status, 0, second.console);
    assert.equal(await logOf(machine, NEXT_RUN), 'make b\n');
    const { restored } = (await outcomeOf(machine, NEXT_RUN)).state;
    assert.deepEqual([restored.from, restored.runId, restored.files], [SAVED, RUN_ID, 3]);
    assert.equal(await machine.cloud.read(`results/${NEXT_RUN}/data/a`), 'a');
    assert.equal(await machine.cloud.read(`results/${NEXT_RUN}/data/b`), 'changed');
  });

  test('an attempt after a stop goes on from the checkpoint, without what was being written', async (t) => {
    const machine = await startMachine(t);
    const Makefile = `all: data/a data/b
data/a: ; @echo make a; mkdir -p data; echo a >$@
data/b: ; @echo make b; { echo half; sleep \${PAUSE}; echo whole; } >$@
`;
    await machine.submit({ Makefile }, { spec: { ...STATE, params: { PAUSE: '60' } } });
    const boot = machine.start();
    await until(async () => ((await machine.cloud.read(CHECKPOINT)) ?? '').includes('data/a'));
    machine.stopAll();
    await boot.ended;
    const checkpoint = JSON.parse((await machine.cloud.read(CHECKPOINT)) ?? '{}');
    assert.deepEqual(
      checkpoint.files.map((file: { path: string }) => file.path),
      ['data/a'],
    );

    await secondAttempt(machine, Makefile);
    assert.equal(await logOf(machine, RUN_ID), 'make b\n');
    assert.equal(await machine.result('data/b'), 'half\nwhole\n');
    assert.equal((await outcomeOf(machine, RUN_ID, 2)).state.restored.from, CHECKPOINT);
  });

  test('power that is lost costs what came after the last checkpoint', async (t) => {
    const machine = await startMachine(t);
    const Makefile = 'all: data/a ; sleep $(PAUSE)\ndata/a: ; @echo make a; mkdir -p data; echo a >$@\n';
    await machine.submit({ Makefile }, { spec: { ...STATE, params: { PAUSE: '60' } } });
    const boot = machine.start();
    await until(async () => ((await machine.cloud.read(CHECKPOINT)) ?? '').includes('data/a'));
    for (const pid of machine.leftovers()) process.kill(pid, 'SIGKILL');
    await boot.ended;
    await secondAttempt(machine, Makefile);
    assert.equal(await logOf(machine, RUN_ID), 'sleep 0\n');
  });

  test('a run that fails saves no state', async (t) => {
    const machine = await startMachine(t);
    await machine.submit({ Makefile: 'all: ; mkdir data; echo x >data/x; exit 3\n' }, { spec: STATE });
    assert.equal((await machine.boot()).status, 2);
    assert.equal('saved' in (await outcomeOf(machine, RUN_ID)).state, false);
    assert.equal(await machine.cloud.read(SAVED), undefined);
  });

  test('a state that is damaged is not restored at all: the run starts clean, and says so', async (t) => {
    const machine = await startMachine(t);
    await machine.submit({ Makefile: STEPS, 'a.txt': 'a', 'b.txt': 'b' }, { spec: STATE });
    await machine.boot();
    const saved = JSON.parse((await machine.cloud.read(SAVED)) ?? '{}');
    const { sha256 } = saved.files[1];
    await machine.cloud.put(blobName(sha256), 'other bytes');
    await machine.cloud.put(LATEST, JSON.stringify({ name: SAVED }));
    await machine.submit({ Makefile: STEPS, 'a.txt': 'a', 'b.txt': 'b' }, nextRun);
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    assert.equal(await logOf(machine, NEXT_RUN), 'make a\nmake b\n');
    assert.deepEqual((await outcomeOf(machine, NEXT_RUN)).state.restored, {
      note: `The state was not restored, and the run starts clean: gs://${BUCKET}/${blobName(sha256)} is damaged`,
    });
  });

  test('a state cannot place files outside the tree, nor over those of the package', async (t) => {
    const machine = await startMachine(t);
    const files = { Makefile: 'all: ; @cat data/mine data/theirs\n', 'data/mine': 'mine\n' };
    const theirs = createHash('sha256').update('theirs\n').digest('hex');
    await machine.cloud.put(blobName(theirs), 'theirs\n');
    const file = { sha256: theirs, bytes: 7, mode: 0o644, mtime: '0' };
    const document = { runId: RUN_ID, attempt: 1, at: '', links: {}, sources: {} };
    await machine.cloud.put(LATEST, JSON.stringify({ name: SAVED }));
    await machine.cloud.put(
      SAVED,
      JSON.stringify({
        ...document,
        files: ['data/mine', 'data/theirs'].map((path) => ({ ...file, path })),
      }),
    );
    await machine.submit(files, nextRun);
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    assert.equal(await logOf(machine, NEXT_RUN), 'mine\ntheirs\n');

    await machine.cloud.put(
      SAVED,
      JSON.stringify({ ...document, files: [{ ...file, path: 'data/../../x' }] }),
    );
    await machine.submit(files, {
      ...nextRun,
      ...again(2),
      metadata: { ...nextRun.metadata, ATTEMPT: '2' },
      spec: { ...nextRun.spec, attempt: 2 },
    });
    await machine.boot();
    assert.match(
      (await outcomeOf(machine, NEXT_RUN, 2)).state.restored.note,
      /data\/\.\.\/\.\.\/x lies outside the source tree$/,
    );
  });
});

async function phasesOf(machine: Machine, runId: string): Promise<string[]> {
  return (await outcomeOf(machine, runId)).phases.map(({ name }: { name: string }) => name);
}
