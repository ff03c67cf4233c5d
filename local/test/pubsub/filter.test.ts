import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseFilter } from '../../pubsub/filter.ts';

const ATTRIBUTES = { target: 'all', 'iana.org/tag': 'de', empty: '' };

describe('parseFilter', () => {
  const wanted = [
    '',
    '  ',
    'attributes:target',
    'attributes:empty',
    'attributes.target = "all"',
    'attributes.target="all"',
    'attributes.target != "one"',
    'attributes.missing != "x"',
    'attributes."iana.org/tag" = "de"',
    'hasPrefix(attributes.target, "al")',
    'NOT attributes:missing',
    '-attributes:missing',
    'attributes:target AND attributes:empty',
    'attributes:missing OR attributes:target',
    'attributes:target AND (attributes:missing OR attributes:empty)',
    'NOT (attributes:missing AND attributes:target)',
  ];
  for (const filter of wanted)
    test(`wants: ${filter}`, () => assert.equal(parseFilter(filter)(ATTRIBUTES), true));

  const unwanted = [
    'attributes:missing',
    'attributes.target = "ALL"',
    'attributes.target != "all"',
    'hasPrefix(attributes.target, "all of it")',
    'hasPrefix(attributes.missing, "")',
    'NOT attributes:target',
    'attributes:target AND attributes:missing',
    'attributes.target = "a\\"ll"',
  ];
  for (const filter of unwanted)
    test(`does not want: ${filter}`, () => assert.equal(parseFilter(filter)(ATTRIBUTES), false));

  const faults: [string, string][] = [
    ['attributes.target = all', 'a value in double quotes is missing'],
    ['target = "all"', 'attributes is missing'],
    ['attributes.target', '= is missing'],
    ['attributes:a AND attributes:b OR attributes:c', 'OR is not expected'],
    ['(attributes:a', ') is missing'],
    ['attributes:a; DROP', 'it holds a character that has no meaning there'],
    ['attributes. = "x"', 'an attribute key is missing'],
  ];
  for (const [filter, problem] of faults)
    test(`refuses: ${filter}`, () =>
      assert.throws(() => parseFilter(filter), {
        status: 400,
        message: `The filter ${JSON.stringify(filter)} cannot be read: ${problem}.`,
      }));

  test('refuses more than 256 bytes', () =>
    assert.throws(() => parseFilter(`attributes:${'a'.repeat(250)}`), {
      message: 'The filter has more than 256 bytes.',
    }));
});
