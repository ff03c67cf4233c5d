import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { packageOf } from '../cli/support/packages.ts';
import { type Machine, RESULTS, type SpecChanges, startMachine } from './fixture/machine.ts';

/** What make on the VM takes for outdated: packages of `vicinity push`, with the times that the files have here. */

/** Seconds since 1970. */
const CHECKOUT = 1.8e9;
const LATER = CHECKOUT + 60;

interface Source {
  text: string;
  modifiedAt: number;
}

/** A file from the checkout. */
const old = (text: string): Source => ({ text, modifiedAt: CHECKOUT });
const later = (text: string): Source => ({ text, modifiedAt: LATER });

async function submit(
  t: TestContext,
  machine: Machine,
  files: Record<string, Source>,
  changes: SpecChanges & { inputs?: Record<string, string> },
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-times-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const git = (...args: string[]) => execFileSync('git', ['-C', directory, ...args]);
  git('init', '--quiet');
  const inputs = Object.entries(changes.inputs ?? {});
  const config = `source: { inputs: [${inputs.map(([name]) => name).join(', ')}] }\n`;
  for (const [name, { text, modifiedAt }] of Object.entries({ 'vicinity.yaml': old(config), ...files })) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, modifiedAt, modifiedAt);
  }
  git('add', '.');
  for (const [name, text] of inputs) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
    await machine.cloud.put(`inputs/${createHash('sha256').update(text).digest('hex')}`, text);
  }
  const { file } = await packageOf(directory);
  await machine.submitTarball(readFileSync(file), changes);
}

/** The log without make's own words about folders. */
async function logOf(machine: Machine): Promise<string> {
  const log = (await machine.cloud.read(`${RESULTS}/build.log`)) ?? '';
  return log.replaceAll(/^make: (?:Entering|Leaving) .*\n/gm, '');
}

const PUBLISHED = old(
  'all: published/result.csv\npublished/result.csv: src.txt\n\t@echo making; cp src.txt $@\n',
);
const SPEC: SpecChanges = { spec: { outputs: ['published'] } };

suite('make decides as it would on the laptop', { concurrency: 2 }, () => {
  test('a tracked output is made again where its source is newer', async (t) => {
    const machine = await startMachine(t);
    const files = { Makefile: PUBLISHED, 'src.txt': later('new'), 'published/result.csv': old('old') };
    await submit(t, machine, files, SPEC);
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    assert.equal(await machine.result('published/result.csv'), 'new');
    assert.equal('untouched' in (await machine.outcome()), false);
  });

  test('a tracked output that is up to date is not made, and the outcome names it', async (t) => {
    const machine = await startMachine(t);
    const files = { Makefile: PUBLISHED, 'src.txt': old('new'), 'published/result.csv': later('old') };
    await submit(t, machine, files, SPEC);
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    assert.match(await logOf(machine), /^make: Nothing to be done for 'all'\.$/m);
    assert.deepEqual((await machine.outcome()).untouched, ['published']);
  });

  test('supplied inputs are not made, neither from tracked files nor from folders nor from one another', async (t) => {
    const machine = await startMachine(t);
    const Makefile = later(
      'all: out/copy\nout/copy: in/b ; @mkdir -p out; cp in/b $@\nin/b: in/a ; @echo making b\nin/a: fetch.py in ; @echo making a\n',
    );
    const files = { Makefile, 'fetch.py': later('') };
    const inputs = { 'in/a': 'a', 'in/b': 'b' };
    await submit(t, machine, files, { spec: { outputs: ['out'] }, inputs });
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    assert.equal(await logOf(machine), '');
    assert.equal(await machine.result('out/copy'), 'b');
  });
});
