import assert from 'node:assert/strict';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { Workspace } from './workspace.ts';

const QUICK = ['STATES=hawaii', 'CUTOFF=30', 'K_BEST=2'];
const UP_TO_DATE = 'up to date: inputs, parameters and outputs are unchanged';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.remove());

/** Which steps were up to date, in the order in which they came. */
function skipped(stdout: string): string[] {
  return [...stdout.matchAll(new RegExp(`^\\[(\\w+)\\] ${UP_TO_DATE}$`, 'gm'))].map(([, step]) => step ?? '');
}

test('a step is skipped while inputs, parameters, code and outputs are the same', async () => {
  const first = await workspace.make('d_anchor_category', ...QUICK);
  assert.deepEqual(skipped(first.stdout), []);
  const again = await workspace.make('d_anchor_category', ...QUICK, 'WORKERS=1');
  assert.deepEqual(skipped(again.stdout), ['download', 'anchors', 'pois', 'd_anchor_category']);

  const parameter = await workspace.make('d_anchor_category', ...QUICK, 'K_BEST=3');
  assert.deepEqual(skipped(parameter.stdout), ['download', 'anchors', 'pois']);

  rmSync(workspace.path('data/d_anchor_category/capital.csv'));
  const output = await workspace.make('d_anchor_category', ...QUICK, 'K_BEST=3');
  assert.deepEqual(skipped(output.stdout), ['download', 'anchors', 'pois']);

  appendFileSync(workspace.path('pipeline/pois.py'), '# changed\n');
  const code = await workspace.make('d_anchor_category', ...QUICK, 'K_BEST=3');
  assert.deepEqual(skipped(code.stdout), []);
});

test('outputs that no longer belong are removed, and tracked files never', async () => {
  await workspace.make('tiles', 'minutes', ...QUICK);
  await workspace.make('tiles', 'minutes', ...QUICK, 'STATES=alaska');
  assert.deepEqual(Object.keys(workspace.files('data/minutes')), ['data/minutes/alaska.csv']);
  assert.equal((await workspace.make('clean')).exitCode, 0);
  assert.deepEqual(Object.keys(workspace.files('tiles')), ['tiles/web/index.html']);
});

test('progress is counted in whole lines', async () => {
  const { stdout } = await workspace.make('d_anchor_category', ...QUICK);
  const progress = stdout.split('\n').filter((line) => /^\[d_anchor_category\] \d/.test(line));
  assert.equal(progress.length, 9);
  assert.match(
    progress[0] ?? '',
    /^\[d_anchor_category\] 1\/9 \(11%\) capital: 32 anchors reach one of 1, \d+\.\d s$/,
  );
});

test('a group that no anchor reaches is warned of, again when its step is skipped', async () => {
  const warning = '[warn] d_anchor_brand: springfield: none within 30 minutes of any anchor\n';
  const first = await workspace.make('d_anchor_brand', ...QUICK);
  const again = await workspace.make('d_anchor_brand', ...QUICK);
  assert.ok(first.stdout.includes(warning) && again.stdout.includes(warning), first.stdout);
});

test('anchors without any other place within the cutoff are warned of', async () => {
  const { stdout } = await workspace.make('minutes', 'STATES=alaska');
  const warnings = stdout.split('\n').filter((line) => line.startsWith('[warn]'));
  assert.deepEqual(warnings, [
    '[warn] minutes: 8 anchors have no other place within 240 minutes: Sitka (alaska), Dillingham (alaska), Kotzebue (alaska), …',
  ]);
});

test('wrong parameters are all told at once, and make fails', async () => {
  const ended = await workspace.make('d_anchor_category', 'STATES=narnia', 'WORKERS=0', 'CUTOFF=1e3');
  assert.equal(ended.exitCode, 2);
  assert.equal(
    ended.stderr.split('\n')[0],
    "[error] STATES must be 'all' or states such as 'massachusetts new-hampshire', not 'narnia'; " +
      "WORKERS must be a whole number from 1 to 256, not '0'; CUTOFF must be a whole number from 1 to 1440, not '1e3'",
  );
});

test('a missing input is named, with what makes it', async () => {
  rmSync(workspace.path('inputs/places.csv'));
  const ended = await workspace.make('pois');
  assert.equal(ended.exitCode, 2);
  assert.equal(
    ended.stderr.split('\n')[0],
    "[error] inputs/places.csv is missing: make it with 'npm run prepare' at the top of the repository",
  );
});

test('a damaged input is named, with its line', async () => {
  writeFileSync(
    workspace.path('inputs/places.csv'),
    'id,name,state,feature,population,lat,lon\n1,Nowhere,XX,PPL,5,0,0\n',
  );
  const ended = await workspace.make('pois');
  assert.equal(ended.exitCode, 2);
  assert.equal(
    ended.stderr.split('\n')[0],
    "[error] inputs/places.csv, line 2: not a place ('XX'); make it again with 'npm run prepare'",
  );
});
