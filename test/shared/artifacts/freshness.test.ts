import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isUpToDate } from '../../../shared/artifacts/freshness.ts';

const top = mkdtempSync(join(tmpdir(), 'freshness-'));
after(() => rmSync(top, { recursive: true }));
mkdirSync(join(top, 'sources', 'deep'), { recursive: true });

function file(path: string, seconds: number): string {
  const made = join(top, path);
  writeFileSync(made, '');
  utimesSync(made, seconds, seconds);
  return made;
}

test('a product is up to date where it is newer than every source', () => {
  file('sources/a.ts', 10);
  file('sources/deep/b.ts', 20);
  const sources = [join(top, 'sources'), file('lock.json', 5)];
  assert.equal(isUpToDate([file('made', 30)], sources), true);
  assert.equal(isUpToDate([file('made', 15)], sources), false);
  assert.equal(isUpToDate([file('made', 30), join(top, 'not-made')], sources), false);
});
