import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const TIERS = ['test:pure', 'test:unit', 'test:local', 'test:e2e', 'test:vm'];

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The test files that a script of package.json runs: those of its quoted patterns. */
function filesOf(script: string): string[] {
  const patterns = [...(scripts[script] ?? '').matchAll(/'([^']+)'/g)].map(([, pattern = '']) => pattern);
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
}

test('every test file belongs to exactly one tier', () => {
  const all = globSync('**/*.test.ts', { cwd: ROOT, exclude: ['**/node_modules/**', 'dist/**'] });
  const inTiers = TIERS.flatMap(filesOf);
  assert.deepEqual(inTiers.toSorted(), all.toSorted());
});

test('npm test and npm run test:all together run every tier', () => {
  const { test: first = '', 'test:all': others = '' } = scripts;
  const run = [...`${first} ${others}`.matchAll(/npm run (?:-s )?(test:\w+)/g)].map(([, tier]) => tier);
  assert.deepEqual(run, TIERS);
});

test('the workflows call npm scripts that exist', () => {
  const texts = globSync('.github/workflows/*.yml', { cwd: ROOT }).map((file) =>
    readFileSync(join(ROOT, file), 'utf8'),
  );
  const tiers = texts.flatMap((text) => [...(/tier: \[(.+)\]/.exec(text)?.[1]?.split(', ') ?? [])]);
  const called = texts.flatMap((text) =>
    [...text.matchAll(/npm run ([\w:]+)(?!\w|\$)/g)].map(([, name = '']) => name),
  );
  const needed = [...called.filter((name) => name !== 'test:'), ...tiers.map((tier) => `test:${tier}`)];
  assert.ok(needed.length >= 4);
  assert.deepEqual(
    needed.filter((name) => !(name in scripts)),
    [],
  );
});
