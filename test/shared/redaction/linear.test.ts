import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { assignedSpans } from '../../../shared/redaction/assignments.ts';
import { privateKeySpans } from '../../../shared/redaction/private-keys.ts';
import { replaceSpans, type Span, type Text } from '../../../shared/redaction/scan.ts';
import { tokenSpans } from '../../../shared/redaction/tokens.ts';
import { FRAGMENTS } from './fragments.ts';

/** Most reads per character. A regular expression such as /[\w-]*token[\w-]*=/ reads each character as often as the text is long. */
const MAX_READS = 60;
const LENGTH = 16_384;
const FINDERS = { tokenSpans, privateKeySpans, assignedSpans };

/** The text, and how often a character of it was read. */
function counted(text: string): Text & { reads: number } {
  return {
    reads: 0,
    length: text.length,
    charCodeAt(index) {
      this.reads += 1;
      return text.charCodeAt(index);
    },
  };
}

const long = (parts: string[]) =>
  parts
    .join('')
    .repeat(Math.ceil(LENGTH / parts.join('').length))
    .slice(0, LENGTH);
const nonEmpty = (parts: string[]) => parts.join('') !== '';

for (const [name, find] of Object.entries(FINDERS)) {
  describe(name, () => {
    const check = (text: string) => {
      const read = counted(text);
      find(read);
      assert.ok(read.reads <= MAX_READS * text.length, `${read.reads} reads of ${text.slice(0, 60)}…`);
    };

    for (const fragment of FRAGMENTS)
      test(`reads 16 KB of ${JSON.stringify(fragment)} in linear time`, () => check(long([fragment])));

    test('reads any repetition in linear time', () => {
      const parts = fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 4 }).filter(nonEmpty);
      // A start and an end that occur once: what a scan looks for in vain, or finds only at the end.
      fc.assert(
        fc.property(parts, parts, parts, (first, repeated, last) =>
          check(first.join('') + long(repeated) + last.join('')),
        ),
        { numRuns: 300 },
      );
    });

    test('finds spans in order that do not overlap', () => {
      const parts = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 20 });
      fc.assert(
        fc.property(parts, (each) => {
          const text = each.join('');
          const spans: Span[] = find(text);
          for (const [index, { from, to }] of spans.entries()) {
            assert.ok(from < to && to <= text.length);
            assert.ok(from >= (spans[index - 1]?.to ?? 0), text);
          }
          assert.ok(replaceSpans(text, spans, '').length <= text.length);
        }),
        { numRuns: 2000 },
      );
    });
  });
}
