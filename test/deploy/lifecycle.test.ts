import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedLifecycle, type StoredRule, splitLifecycle } from '../../deploy/plan/lifecycle.ts';

const OURS = { prefixes: ['src/', 'inputs/', 'state/'], daysSinceCustomTime: 14 };
const deleteRule = (condition: StoredRule['condition']): StoredRule => ({
  action: { type: 'Delete' },
  condition,
});
const OWN = deleteRule({ daysSinceCustomTime: 14, matchesPrefix: OURS.prefixes });
const EARLIER = deleteRule({ daysSinceCustomTime: 30, matchesPrefix: ['src/'] });

const USERS: [what: string, rule: StoredRule][] = [
  ['by age', deleteRule({ age: 30 })],
  ['by age in one of our folders', deleteRule({ age: 30, matchesPrefix: ['src/'] })],
  ['by custom time in another folder', deleteRule({ daysSinceCustomTime: 14, matchesPrefix: ['tmp/'] })],
  [
    'by custom time in our folders and another',
    deleteRule({ daysSinceCustomTime: 14, matchesPrefix: ['src/', 'tmp/'] }),
  ],
  ['by custom time in the whole bucket', deleteRule({ daysSinceCustomTime: 14 })],
  [
    'with one more condition',
    deleteRule({ daysSinceCustomTime: 14, matchesPrefix: ['src/'], matchesSuffix: ['.zip'] }),
  ],
  [
    'to another storage class',
    {
      action: { type: 'SetStorageClass', storageClass: 'COLDLINE' },
      condition: { daysSinceCustomTime: 14, matchesPrefix: ['src/'] },
    },
  ],
];

for (const [what, rule] of USERS)
  test(`a user's rule stays: ${what}`, () => {
    assert.deepEqual(splitLifecycle([rule, OWN]), { own: [OURS], others: [rule] });
    assert.deepEqual(mergedLifecycle([rule], [OURS]), [rule, OWN]);
    assert.deepEqual(mergedLifecycle([rule, OWN], []), [rule]);
  });

test('users\u2019 rules keep their order, and a rule of an earlier version is replaced', () => {
  const users = USERS.map(([, rule]) => rule);
  const [first, ...others] = users as [StoredRule, ...StoredRule[]];
  assert.deepEqual(mergedLifecycle([first, EARLIER, ...others], [OURS]), [...users, OWN]);
  assert.deepEqual(mergedLifecycle([...users, OWN], [OURS]), [...users, OWN]);
});
