import { test } from 'node:test';
import { startBucket } from '../support/bucket.ts';
import { vicinity } from '../support/call.ts';
import { SILENT_PROJECT, startControlPlane } from '../support/control-plane.ts';
import { TestRepository } from '../support/repository.ts';
import { album, screen, snapshot } from '../support/screens.ts';
import { ScriptedClock } from '../support/scripted-clock.ts';
import { RUN_ID } from '../support/statuses.ts';

/** What a person sees who prepares a pipeline, packages it, and asks for runs. */

// Before the first commit: its hash is a part of what is seen.
Object.assign(process.env, {
  GIT_AUTHOR_DATE: '2026-11-24T03:00:00Z',
  GIT_COMMITTER_DATE: '2026-11-24T03:00:00Z',
});

const FILES = {
  Makefile:
    'WORKERS ?= 8\nSTATES ?= massachusetts\n\nall: minutes\nminutes: inputs/places.csv ## Travel times\n' +
    '\t./minutes.sh --out data/minutes/part.parquet\nclean:\n\trm -rf data\n',
  'requirements.txt': 'pandas\n',
  '.gitignore': 'inputs/\ndata/\n',
};
const CONFIG =
  'defaultTarget: all\ntargets:\n  all:\n    outputs: [data/minutes]\nsource:\n  inputs: [inputs/places.csv]\n';

const bucket = await startBucket();
const { env } = await startControlPlane(bucket);

/** Run ids are of the time, messages numbered; a gzip file's size depends on zlib's version. */
function mask(text: string): string {
  return text
    .replaceAll(/\b(?!20200101)\d{8}-\d{6}-[0-9a-f]{4}\b/g, RUN_ID)
    .replaceAll(/Message \d+/g, 'Message 1')
    .replaceAll(/^(Size +)\d+ bytes/gm, '$1300 bytes');
}

const show = (cwd: string, args: string[]) => screen(args, { cwd, env, mask });

test('init proposes a configuration', async (t) => {
  using repository = new TestRepository(FILES);
  const { directory } = repository;
  const screens = [
    await show(directory, ['init', '--dry-run']),
    await show(directory, ['init']),
    await show(directory, ['init']),
  ];
  t.assert.fileSnapshot(album(screens), ...snapshot('init'));
});

test('push tells what travels', async (t) => {
  using repository = new TestRepository({ ...FILES, 'vicinity.yaml': CONFIG });
  const { directory } = repository;
  const screens = [await show(directory, ['push'])];
  repository.write('inputs/places.csv', 'a,b\n');
  screens.push(await show(directory, ['push', '--dry-run']), await show(directory, ['push']));
  repository.write('notes.txt', 'not added\n');
  repository.write('requirements.txt', 'pandas\npolars\n');
  screens.push(await show(directory, ['push']));
  t.assert.fileSnapshot(album(screens), ...snapshot('push'));
});

test('run asks for a run, and tells why it is refused', async (t) => {
  using repository = new TestRepository({ ...FILES, 'vicinity.yaml': CONFIG });
  const { directory } = repository;
  repository.write('inputs/places.csv', 'a,b\n');
  await show(directory, ['push']);
  const screens = [
    await show(directory, ['run', '--target', 'all']),
    await show(directory, ['run', '--target', 'al', '--param', 'STATES=Maine']),
    await show(directory, ['run', '--param', 'maine']),
    await show(directory, ['run', '--on-busy', 'wait']),
    await show(directory, ['run', '--target', 'a;b', '--max-duration', 'long']),
    await screen(['run', '--wait-seconds', '7', '--project', SILENT_PROJECT], {
      cwd: directory,
      env,
      mask,
      clock: new ScriptedClock(),
    }),
    await show(directory, ['run', '--project', 'another-project']),
  ];
  t.assert.fileSnapshot(album(screens), ...snapshot('run'));
});

test('cancel tells what became of it', async (t) => {
  using repository = new TestRepository({ ...FILES, 'vicinity.yaml': CONFIG });
  const { directory } = repository;
  repository.write('inputs/places.csv', 'a,b\n');
  await show(directory, ['push']);
  const { stdout } = await vicinity(['run', '--target', 'all'], { cwd: directory, env });
  const runId = stdout.trim();
  const screens = [
    await show(directory, ['cancel', runId]),
    await show(directory, ['cancel', runId]),
    await show(directory, ['cancel', '20200101-000000-0000']),
  ];
  t.assert.fileSnapshot(album(screens), ...snapshot('cancel'));
});
