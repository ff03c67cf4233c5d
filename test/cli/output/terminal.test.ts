import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isColoured } from '../../../cli/output/colour.ts';
import { LiveLine } from '../../../cli/output/live-line.ts';
import { progressLine } from '../../../cli/output/progress.ts';
import { type Row, table } from '../../../shared/text/table.ts';
import { Recorder } from '../support/call.ts';

const COLOUR_CASES: [env: Record<string, string>, isTTY: boolean, expected: boolean][] = [
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ TERM: 'dumb' }, true, false],
];

for (const [env, isTTY, expected] of COLOUR_CASES) {
  test(`${JSON.stringify(env)}, ${isTTY ? 'a terminal' : 'no terminal'}: ${expected ? 'colours' : 'none'}`, () => {
    assert.equal(isColoured(env, { write() {}, isTTY }), expected);
  });
}

test('a progress line shows the share, the rate and the time left', () => {
  assert.equal(
    progressLine('uploading', 95_000_000, 380_000_000, 10),
    'uploading ██████░░░░░░░░░░░░░░░░░░  25 %  95.0 MB of 380 MB, 9.5 MB/s, 30 s left',
  );
  assert.equal(progressLine('x', 0, 0, 0), 'x ████████████████████████ 100 %  0 bytes of 0 bytes, 0 bytes/s');
});

test('the live line is drawn at most every tenth of a second, and cut to the width', () => {
  const sink = new Recorder({ isTerminal: true });
  let now = 0;
  const line = new LiveLine(sink, () => now);
  line.draw('one');
  now = 99;
  line.draw('two');
  now = 100;
  line.draw('x'.repeat(200));
  line.clear();
  line.clear();
  assert.equal(sink.text, `\r\u001b[2Kone\r\u001b[2K${'x'.repeat(99)}\r\u001b[2K`);
});

test('there is no live line where nobody looks on', () => {
  const sink = new Recorder();
  const line = new LiveLine(sink, () => 0);
  line.draw('one');
  line.clear();
  assert.equal(sink.text, '');
});

test('columns are aligned by what is seen', () => {
  assert.equal(
    table(
      [
        ['\u001b[31ma\u001b[39m', 'b'],
        ['ccc', ''],
      ],
      Number.POSITIVE_INFINITY,
    ),
    '\u001b[31ma\u001b[39m    b\nccc',
  );
});

test('a text goes on below itself, broken after commas where that is enough', () => {
  const row: Row = ['Phases', 'boot 21 s, make 8 h 14 min, upload 1 min'];
  assert.equal(table([row], 30), 'Phases  boot 21 s,\n        make 8 h 14 min,\n        upload 1 min');
  assert.equal(
    table([['Reason', 'a b '.repeat(8)]], 30),
    `Reason  ${'a b '.repeat(5)}a\n        b${' a b'.repeat(2)}`,
  );
  assert.equal(table([['Results', 'gs://a-bucket/results/20261124-030643-1a2b']], 30).split('\n').length, 1);
  assert.equal(table([row], 20), `Phases  ${row[1]}`);
});
