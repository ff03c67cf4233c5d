import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExpired, type LifecycleCondition, requireLifecycle } from '../../../storage/checks/lifecycle.ts';

const object = {
  name: 'src/old.tar.gz',
  timeCreated: '2026-11-01T00:00:00.000Z',
  storageClass: 'STANDARD',
  customTime: '2026-10-01T00:00:00Z',
};
const now = new Date('2026-11-15T00:00:00.000Z');
const rule = (...conditions: LifecycleCondition[]) => ({
  rule: conditions.map((condition) => ({ action: { type: 'Delete' }, condition })),
});

test('a rule deletes when each of its conditions holds', () => {
  const table: [LifecycleCondition, boolean][] = [
    [{ age: 14 }, true],
    [{ age: 15 }, false],
    [{ age: 14, matchesPrefix: ['src/', 'inputs/'] }, true],
    [{ age: 14, matchesPrefix: ['inputs/'] }, false],
    [{ matchesSuffix: ['.gz'] }, true],
    [{ createdBefore: '2026-11-02' }, true],
    [{ createdBefore: '2026-11-01' }, false],
    [{ customTimeBefore: '2026-10-02' }, true],
    [{ daysSinceCustomTime: 46 }, false],
    [{ isLive: true }, true],
    [{ isLive: false }, false],
    [{ matchesStorageClass: ['NEARLINE'] }, false],
  ];
  for (const [condition, expected] of table) {
    assert.equal(isExpired(rule(condition), object, now), expected, JSON.stringify(condition));
  }
});

test('one rule of several is enough; no rule deletes nothing', () => {
  assert.equal(isExpired(rule({ age: 99 }, { age: 1 }), object, now), true);
  assert.equal(isExpired(undefined, object, now), false);
});

test('what is not evaluated is refused when it is configured', () => {
  const missing = (what: string) => ({ status: 501, message: `The local cloud does not implement ${what}.` });
  const toNearline = { rule: [{ action: { type: 'SetStorageClass' }, condition: { age: 1 } }] };
  assert.throws(() => requireLifecycle(toNearline), missing('the lifecycle action SetStorageClass'));
  const versions = {
    rule: [{ action: { type: 'Delete' }, condition: { numNewerVersions: 3 } as LifecycleCondition }],
  };
  assert.throws(() => requireLifecycle(versions), missing('the lifecycle condition numNewerVersions'));
  assert.throws(() => requireLifecycle(rule({})), {
    message: 'A lifecycle rule needs at least one condition.',
  });
});
