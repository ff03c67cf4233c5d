import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { mapConcurrent } from '../../shared/map-concurrent.ts';

test('at most so many at once, and the results in the order of the items', async () => {
  let now = 0;
  let most = 0;
  const results = await mapConcurrent(3, [5, 1, 4, 2, 3], async (turns) => {
    now += 1;
    most = Math.max(most, now);
    for (let at = 0; at < turns; at += 1) await turn();
    now -= 1;
    return turns * 10;
  });
  assert.deepEqual(results, [50, 10, 40, 20, 30]);
  assert.equal(most, 3);
});

test('nothing more is begun after an error', async () => {
  const begun: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    await turn();
    if (item === 1) throw new Error('one');
  };
  await assert.rejects(mapConcurrent(2, [1, 2, 3, 4, 5, 6], work), new Error('one'));
  for (let at = 0; at < 20; at += 1) await turn();
  assert.deepEqual(begun, [1, 2]);
});
