import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { prepareInputs } from '../../../examples/vicinity/prepare-inputs.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vicinity-inputs-'));
after(() => rmSync(directory, { recursive: true }));

test('the places are the same bytes every time, and are written only when they differ', () => {
  const first = prepareInputs(directory);
  assert.equal(first.path, path.join(directory, 'inputs/places.csv'));
  assert.equal(first.written, true);
  const bytes = readFileSync(first.path);
  assert.equal(
    createHash('sha256').update(bytes).digest('hex'),
    'a349ee85b84540b4cf2192588244325cb63b3e70dec5ec0c6c9b8f8967df5b7a',
  );
  assert.equal(prepareInputs(directory).written, false);
  writeFileSync(first.path, 'damaged');
  assert.equal(prepareInputs(directory).written, true);
  assert.deepEqual(readFileSync(first.path), bytes);
});

test('a row holds GeoNames id, name, state, feature, population, latitude and longitude', () => {
  const lines = readFileSync(prepareInputs(directory).path, 'utf8').split('\n');
  assert.deepEqual(lines.slice(0, 2), [
    'id,name,state,feature,population,lat,lon',
    '4046255,Bay Minette,AL,PPLA2,9118,30.88296,-87.77305',
  ]);
  assert.ok(lines.includes('4140963,"Washington, D.C.",DC,PPLC,601723,38.89511,-77.03637'));
});
