import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Inline, parseInline, parseMrkdwn, parsePlain } from '../../slack/mrkdwn.ts';

const text = (value: string): Inline => ({ kind: 'text', text: value });

const INLINE: [source: string, expected: Inline[]][] = [
  ['plain', [text('plain')]],
  ['*bold*', [{ kind: 'bold', children: [text('bold')] }]],
  [
    '_it_ and ~no~',
    [{ kind: 'italic', children: [text('it')] }, text(' and '), { kind: 'strike', children: [text('no')] }],
  ],
  [
    '*bold _both_*',
    [{ kind: 'bold', children: [text('bold '), { kind: 'italic', children: [text('both')] }] }],
  ],
  ['snake_case_name', [text('snake_case_name')]],
  ['2*3*4', [text('2*3*4')]],
  ['* not bold *', [text('* not bold *')]],
  ['`a *b* <c>`', [{ kind: 'code', text: 'a *b* <c>' }]],
  ['a &lt;b&gt; &amp;amp;', [text('a <b> &amp;')]],
  [
    '<https://x.test/?a=1&amp;b=2|the log>',
    [{ kind: 'link', url: 'https://x.test/?a=1&b=2', label: 'the log' }],
  ],
  ['<https://x.test>', [{ kind: 'link', url: 'https://x.test', label: 'https://x.test' }]],
  [
    '<!here> <@U1> <#C1|general>',
    [
      { kind: 'mention', text: '@here' },
      text(' '),
      { kind: 'mention', text: '@U1' },
      text(' '),
      { kind: 'mention', text: '#general' },
    ],
  ],
  ['<!date^1392734382^{date}|18 Feb 2014>', [text('18 Feb 2014')]],
  [':x: :no_such_emoji:', [text('❌'), text(' '), text(':no_such_emoji:')]],
  ['at 03:40:12 UTC', [text('at 03'), text(':40:'), text('12 UTC')]],
];

for (const [source, expected] of INLINE) {
  test(`inline: ${source}`, () => assert.deepEqual(parseInline(source), expected));
}

test('lines, quotes and fences are parts of their own', () => {
  assert.deepEqual(parseMrkdwn('before\n&gt; said\n> more\n```\n*raw* &lt;b&gt;\n```\nafter'), [
    { kind: 'paragraph', lines: [[text('before')]] },
    { kind: 'quote', lines: [[text('said')], [text('more')]] },
    { kind: 'preformatted', text: '*raw* <b>' },
    { kind: 'paragraph', lines: [[text('after')]] },
  ]);
});

test('a fence that is never closed is plain text', () => {
  assert.deepEqual(parseMrkdwn('a ```b'), [{ kind: 'paragraph', lines: [[text('a ```b')]] }]);
});

test('plain text has no markup but emoji', () => {
  assert.deepEqual(parsePlain('*a* :x:'), [{ kind: 'paragraph', lines: [[text('*a* ❌')]] }]);
});

test('text without markup comes through unchanged', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Z0-9 .,;()=-]*$/), (source) => {
      const shown = parseInline(source).map((inline) => (inline.kind === 'text' ? inline.text : '?'));
      assert.equal(shown.join(''), source);
    }),
  );
});
