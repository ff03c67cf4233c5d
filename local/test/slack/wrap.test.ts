import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { padTo, textWidth, wrap } from '../../slack/wrap.ts';

const linesOf = (text: string, width: number) =>
  wrap([{ text, format: [] }], width).map((line) => line.map((span) => span.text).join(''));

test('an emoji takes two columns, and colour codes none', () => {
  assert.equal(textWidth('ab'), 2);
  assert.equal(textWidth('✅ ⚠️'), 5);
  assert.equal(textWidth('\u001b[1mab\u001b[22m'), 2);
  assert.equal(padTo('✅', 4), '✅  ');
});

test('breaks at blanks, and gives a word that is too long a line of its own', () => {
  assert.deepEqual(linesOf('one two three', 7), ['one two', 'three']);
  assert.deepEqual(linesOf('a gs://bucket/object b', 6), ['a', 'gs://bucket/object', 'b']);
});

test('does not break at a no-break space', () => {
  assert.deepEqual(linesOf('boot 0\u00a0s', 6), ['boot', '0\u00a0s']);
});

test('a word over two spans is not broken', () => {
  const bold = { text: 'bold', format: ['bold' as const] };
  const lines = wrap([{ text: 'is ', format: [] }, bold, { text: ', then', format: [] }], 6);
  assert.deepEqual(lines, [
    [{ text: 'is', format: [] }],
    [bold, { text: ',', format: [] }],
    [{ text: 'then', format: [] }],
  ]);
});

test('keeps every word, and no line of several words is too wide', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 4, max: 40 }), (list, width) => {
      const lines = linesOf(list.join(' '), width);
      assert.deepEqual(
        lines.flatMap((line) => line.split(' ')),
        list,
      );
      for (const line of lines) assert.ok(line.length <= width || !line.includes(' '), line);
    }),
  );
});
