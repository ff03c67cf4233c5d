import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCondition } from '../../iam/condition.ts';

const object = {
  name: 'projects/_/buckets/b/objects/runs/1/heartbeat.json',
  type: 'storage.googleapis.com/Object',
  policies: [],
};
const listing = {
  name: 'projects/_/buckets/b',
  type: 'storage.googleapis.com/Bucket',
  policies: [],
  attributes: { 'storage.googleapis.com/objectListPrefix': 'runs/' },
};
const LIST_PREFIX = 'api.getAttribute("storage.googleapis.com/objectListPrefix", "")';

const CASES: [expression: string, ofObject: boolean, ofListing: boolean][] = [
  ['resource.name.startsWith("projects/_/buckets/b/objects/runs/")', true, false],
  ["resource.name.startsWith('projects/_/buckets/b/objects/src/')", false, false],
  [
    'resource.name.endsWith("/heartbeat.json") && resource.type == "storage.googleapis.com/Object"',
    true,
    false,
  ],
  ['resource.type != "storage.googleapis.com/Object"', false, true],
  ['!(resource.type == "storage.googleapis.com/Object" || resource.service == "x")', false, true],
  ['resource.service == "storage.googleapis.com"', true, true],
  [`${LIST_PREFIX}.startsWith("runs/")`, false, true],
  // && binds more closely than ||.
  [
    'resource.service == "storage.googleapis.com" || resource.name == "a" && resource.name == "b"',
    true,
    true,
  ],
];
for (const [expression, ofObject, ofListing] of CASES)
  test(`understands ${expression}`, () => {
    const holds = parseCondition(expression);
    assert.deepEqual([holds(object), holds(listing)], [ofObject, ofListing]);
  });

const REFUSED = [
  'request.time < timestamp("2027-01-01T00:00:00Z")',
  'resource.name.matches("a.*")',
  'resource.name.startsWith("a"',
  'resource.name.startsWith("a") resource.name == "b"',
  'true',
  'resource.name == 1',
  '',
];
for (const expression of REFUSED)
  test(`refuses ${expression || 'an empty condition'}`, () => {
    assert.throws(() => parseCondition(expression), {
      status: 501,
      message: `The local cloud does not implement the condition ${JSON.stringify(expression)} (IAM).`,
    });
  });
