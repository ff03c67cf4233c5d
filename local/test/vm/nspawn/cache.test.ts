import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cacheDirectory, forgetUnused, noteUse } from '../../../vm/nspawn/cache.ts';

test('the cache is where the desktop’s convention puts it', () => {
  assert.equal(cacheDirectory({ XDG_CACHE_HOME: '/caches' }), '/caches/gcp-local');
  assert.match(cacheDirectory({}), /\/\.cache\/gcp-local$/);
});

test('what was not in use for sixty days is removed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gcp-local-cache-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const old = new Date(Date.now() - 61 * 24 * 3600 * 1000);
  for (const name of ['old', 'used', 'new']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'file'), '');
    if (name !== 'new') utimesSync(join(folder, name), old, old);
  }
  await noteUse(join(folder, 'used'));
  await forgetUnused(folder);
  assert.deepEqual(readdirSync(folder), ['new', 'used']);
  await forgetUnused(join(folder, 'nothing'));
});
