import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { neutralize } from '../../../cli/output/neutralize.ts';
import { Terminal } from '../../../cli/output/terminal.ts';
import { recordedHost } from '../support/call.ts';

const ESCAPE = '\u001b';
const RENDITION = new RegExp(`${ESCAPE}\\[[\\d;:]*m`, 'g');

const CASES: [what: string, text: string, expected: string][] = [
  ['the title of the window', '\u001b]0;title\u0007x', '␛]0;title␇x'],
  ['the clipboard', '\u001b]52;c;cm0gLXJmIH4=\u001b\\', '␛]52;c;cm0gLXJmIH4=␛\\'],
  ['a link', '\u001b]8;;http://x\u0007text\u001b]8;;\u0007', '␛]8;;http://x␇text␛]8;;␇'],
  ['the cursor', 'a\u001b[2J\u001b[1;1Hb', 'a␛[2J␛[1;1Hb'],
  ['a question whose answer is typed for the user', '\u001b[6n\u001bZ\u0005', '␛[6n␛Z␅'],
  ['C1 controls', '\u009b2J\u0090x\u009c', '\\u009b2J\\u0090x\\u009c'],
  ['backspaces and deletes', 'good\b\b\b\bbad\u007f', 'good␈␈␈␈bad␡'],
  ['the direction of text', 'gpj.\u202eexe', 'gpj.\\u202eexe'],
  ['an unfinished sequence', '\u001b[31', '␛[31'],
];
for (const [what, text, expected] of CASES) {
  test(`neutralises ${what}`, () => {
    assert.equal(neutralize(text), expected);
  });
}

test('colours, tabs and line ends stay', () => {
  const text = '\u001b[1;31merror\u001b[0m\ta\r\n50 %\r60 %\né字';
  assert.equal(neutralize(text), text);
});

test('nothing but renditions begins with an escape afterwards', () => {
  const piece = fc.constantFrom('\u001b', '[', ']', '3', ';', 'm', 'H', '\u009b', 'a', '\u0007', '\n');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const rest = neutralize(pieces.join('')).replaceAll(RENDITION, '');
      assert.doesNotMatch(rest, /[^\P{Cc}\n\r\t]/u);
    }),
  );
});

const EVIL = '\u001b]0;owned\u0007';

test('what goes to a terminal is neutralised, and what goes to a pipe is not', () => {
  for (const isTerminal of [true, false]) {
    const { host, stdout, stderr } = recordedHost({ isTerminal });
    const terminal = new Terminal(host);
    const expected = isTerminal ? '␛]0;owned␇' : EVIL;
    terminal.data(EVIL);
    terminal.data(Buffer.from(EVIL));
    terminal.json({ name: '\u009b' });
    terminal.note(EVIL);
    assert.equal(
      stdout.text,
      `${expected}\n${expected}{\n  "name": "${isTerminal ? '\\u009b' : '\u009b'}"\n}\n`,
    );
    assert.equal(stderr.text, `${expected}\n`);
    terminal.live.draw(EVIL);
    if (isTerminal) assert.ok(stderr.text.endsWith(expected));
  }
});

test('a character that is split between two parts of a log is shown whole; a colour ends with its part', () => {
  const { host, stdout } = recordedHost({ isTerminal: true });
  const terminal = new Terminal(host);
  const bytes = Buffer.from('\u001b[31mé');
  terminal.data(bytes.subarray(0, -1));
  terminal.data(bytes.subarray(-1));
  assert.equal(stdout.text, '\u001b[31m\u001b[0mé');
});
