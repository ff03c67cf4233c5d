import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from './explore.ts';
import { invariantOf, readChoices, shrink, writeChoices } from './shrink.ts';

test('a violation shrinks to a few choices that still lead to it', async () => {
  const { violations } = await explore({ first: 1, count: 100, mutation: 'claim' });
  const [found] = violations;
  assert.ok(found);
  const small = await shrink(found.taken, 'I1', 'claim');
  const chosen = (choices: number[]) => choices.filter((choice) => choice !== 0).length;
  assert.ok(chosen(small) * 20 < chosen(found.taken), `${chosen(small)} of ${chosen(found.taken)}`);
  assert.equal(await invariantOf(readChoices(writeChoices(small)), 'claim'), 'I1');
});

test('choices are written with their places, without those that are 0', () => {
  assert.equal(writeChoices([0, 0, 7, 0, 1]), '2:7 4:1');
  assert.deepEqual(readChoices('2:7 4:1'), [0, 0, 7, 0, 1]);
  assert.throws(() => readChoices('2:7 x'), { message: 'x is not a place and a choice, such as 12:3.' });
});
