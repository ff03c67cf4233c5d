import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { progressPattern } from '../../../shared/config/progress-pattern.ts';

/** The first issue with a pattern, or undefined. */
function issueWith(pattern: string): string | undefined {
  return progressPattern.safeParse(pattern).error?.issues[0]?.message;
}

const notPortable = (rest: string) =>
  `must do without what Python does not have or reads differently, from here on: ${rest}`;
const GROUPS = 'must have the named groups done and total, or percent: (?<done>\\d+)/(?<total>\\d+)';

const PATTERNS: [string, string | undefined][] = [
  ['(?<done>\\d+)/(?<total>\\d+) categories', undefined],
  ['(?<percent>\\d+(?:\\.\\d+)?)%', undefined],
  ['^\\[(?<done>[\\d,]+) of (?<total>[^\\s\\]-]{1,9}?)\\] (?i:ok|done)+?$', undefined],
  ['Zürich 北京 (?<percent>\\d+) }]', undefined],
  ['(?<done>\\d+', 'must be a regular expression'],
  ['(\\d+)%', GROUPS],
  ['(?<done>\\d+)', GROUPS],
  ['(?<=x)(?<percent>\\d+)', notPortable('(?<=x)(?<percent>\\d+)')],
  [
    '(?<done>\\d+)/(?<total>\\d+)|(?<done>\\d+) of (?<total>\\d+)',
    'must name the group done once: Python refuses a second one',
  ],
  ['(?<percent>\\d)[\\d--5]', notPortable('\\d--5]')],
  ['(?<percent>\\d)[a-\\d]', notPortable('a-\\d]')],
  ['(?<percent>\\d)[[a]', notPortable('[a]')],
  ['(?<percent>\\d)[]x]', notPortable('[]x]')],
  ['(?<$x>y)(?<percent>\\d)', notPortable('(?<$x>y)(?<percent>\\d)')],
  ['(?<percent>\\d)(?m-:x)', notPortable('(?m-:x)')],
  ['(?<percent>\\d)\\h', notPortable('\\h')],
  ['(?<percent>\\d)\\1', notPortable('\\1')],
  ['(?<percent>\\d){,3}', notPortable('{,3}')],
  [`(?<percent>\\d+)${'x'.repeat(500)}`, 'must have at most 500 characters'],
];
for (const [pattern, issue] of PATTERNS)
  test(`progress pattern ${pattern.slice(0, 60)}: ${issue ?? 'accepted'}`, () => {
    assert.equal(issueWith(pattern), issue);
  });

const TOKENS =
  '(?<percent>\\d+)|(?<done>|(?<a>|(?<$>|(?:|(?=|(?!|(?<=|(?i:|(?m-:|(|)|)|[|[^|]|]|-|--|&&|a|é|😀|.|^|$|*|+|?|{2}|{2,|{,3}|{1,2}|{|}|/|\\d|\\w|\\S|\\b|\\B|\\1|\\0|\\x41|\\x4|\\u0041|\\p|\\k|\\-|\\]|\\.|\\_|\\e'
    .split('|')
    .concat('|');

test('a pattern that is accepted is one for Python as well, without a warning', (t) => {
  const accepted = fc
    .sample(fc.array(fc.constantFrom(...TOKENS), { maxLength: 9 }), { numRuns: 40_000, seed: 1 })
    .map((tokens) => `(?<total>x)(?<done>y)${tokens.join('')}`)
    .filter((pattern) => issueWith(pattern) === undefined);
  t.diagnostic(`${accepted.length} of 40000 patterns are accepted`);
  assert.ok(accepted.length > 1000);
  const code = `import json, re, sys, warnings
warnings.simplefilter("error")
for pattern in json.load(sys.stdin):
    try:
        re.compile(re.sub(r"\\(\\?<(?![=!])", "(?P<", pattern), re.ASCII)
    except Exception as error:
        print(pattern, error)`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', code], {
    input: JSON.stringify(accepted),
    encoding: 'utf8',
  });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
});
