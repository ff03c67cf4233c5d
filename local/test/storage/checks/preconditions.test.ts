import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  failedPrecondition,
  type Preconditions,
  readPreconditions,
  requirePreconditions,
} from '../../../storage/checks/preconditions.ts';

const value = fc.constantFrom('0', '1', '2', '7');
const conditions: fc.Arbitrary<Preconditions> = fc.record(
  {
    generationMatch: value,
    generationNotMatch: value,
    metagenerationMatch: value,
    metagenerationNotMatch: value,
  },
  { requiredKeys: [] },
);
const live = fc.option(fc.record({ generation: value, metageneration: fc.constantFrom(1, 2, 7) }), {
  nil: undefined,
});

test('every condition holds on its own, or the first kind that fails is named', () => {
  fc.assert(
    fc.property(conditions, live, (wanted, object) => {
      const generation = object?.generation ?? '0';
      const metageneration = String(object?.metageneration ?? 0);
      const matches =
        (wanted.generationMatch ?? generation) === generation &&
        (wanted.metagenerationMatch ?? metageneration) === metageneration;
      const isOther =
        wanted.generationNotMatch !== generation && wanted.metagenerationNotMatch !== metageneration;
      assert.equal(
        failedPrecondition(wanted, object),
        matches ? (isOther ? undefined : 'NotMatch') : 'Match',
      );
    }),
  );
});

test('generation 0 stands for an object that is not there', () => {
  assert.equal(failedPrecondition({ generationMatch: '0' }, undefined), undefined);
  assert.equal(failedPrecondition({ generationMatch: '0' }, { generation: '5', metageneration: 1 }), 'Match');
  assert.equal(failedPrecondition({ generationNotMatch: '0' }, undefined), 'NotMatch');
});

test('generations are compared whole, beyond what a double can hold', () => {
  const object = { generation: '9007199254740993', metageneration: 1 };
  assert.equal(failedPrecondition({ generationMatch: '9007199254740992' }, object), 'Match');
});

test('a condition that fails is 412 conditionNotMet', () => {
  assert.throws(() => requirePreconditions({ generationMatch: '1' }, undefined), {
    status: 412,
    reason: 'conditionNotMet',
    message: 'At least one of the pre-conditions you specified did not hold.',
  });
});

test('conditions are read from the query; those on a source have their own names', () => {
  const query = new URLSearchParams('ifGenerationMatch=0&ifSourceMetagenerationNotMatch=3');
  assert.deepEqual(readPreconditions(query), { generationMatch: '0' });
  assert.deepEqual(readPreconditions(query, 'ifSource'), { metagenerationNotMatch: '3' });
  assert.throws(() => readPreconditions(new URLSearchParams('ifGenerationMatch=x')), {
    status: 400,
    message: "Invalid value for ifGenerationMatch: 'x' is not a whole number.",
  });
});
