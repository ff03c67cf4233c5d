import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'load-'));
after(() => rmSync(directory, { recursive: true }));

const { load } = createRequire(import.meta.url)('../../../scripts/functions/framework/load.cjs') as {
  load(file: string): unknown;
};

test('text beyond ASCII in a bundle stays as it is: a tagged template cannot be escaped by the bundler', () => {
  const file = join(directory, 'bundle.cjs');
  writeFileSync(file, 'module.exports = String.raw`10:13 UTC · asked for by Zoë – $0`;\n');
  assert.equal(load(file), '10:13 UTC · asked for by Zoë – $0');
});
