import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Workspace } from './workspace.ts';

const RESULTS = ['data/d_anchor_category', 'data/d_anchor_brand', 'data/minutes', 'data/anchors'];
const QUICK = ['CUTOFF=30', 'K_BEST=2'];

const workspace = new Workspace();
after(() => workspace.remove());

async function results(...params: string[]): Promise<Record<string, string>> {
  await workspace.make('clean');
  const ended = await workspace.make('all', ...QUICK, ...params);
  assert.equal(ended.exitCode, 0, ended.stderr);
  return Object.assign({}, ...RESULTS.map((name) => workspace.files(name)));
}

test('neither WORKERS nor CATEGORY_SHARDS changes a byte of the results', async () => {
  const alone = await results('STATES=hawaii', 'WORKERS=1');
  assert.deepEqual(await results('STATES=hawaii', 'WORKERS=32', 'CATEGORY_SHARDS=3'), alone);
  assert.deepEqual(await results('STATES=hawaii', 'WORKERS=', 'CATEGORY_SHARDS='), alone);
});

test('the results of a state are the same alone and among others', async () => {
  const alone = await results('STATES=delaware');
  const among = await results('STATES=delaware, maryland');
  assert.equal(among['data/minutes/delaware.csv'], alone['data/minutes/delaware.csv']);
  const anchors = new Set(lines(alone['data/anchors/delaware.csv']).map((line) => line.split(',')[0]));
  for (const file of Object.keys(alone).filter((name) => name.startsWith('data/d_anchor_'))) {
    const kept = lines(among[file]).filter((line) => anchors.has(line.split(',')[0]));
    assert.deepEqual(kept, lines(alone[file]), file);
  }
});

function lines(csv: string | undefined): string[] {
  return (csv ?? '').trimEnd().split('\n');
}
