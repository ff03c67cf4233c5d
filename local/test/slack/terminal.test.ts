import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderText } from '../../slack/terminal.ts';
import { FAILED, FINISHED } from './samples.ts';

test('a message without colour, in 60 columns', () => {
  assert.equal(
    renderText(FINISHED, { colour: false, width: 60, channel: 'general' }),
    `#general 03:39 UTC
  ✅ d_anchor_category succeeded in 12 s
  Ran on c4d-highcpu-32; the VM is off (seen TERMINATED at
  once).
  Run                           Cost
  20261124-033851-d2b2          about $0.31
  Parameters
  STATES=rhode-island
  ──────────────────────────────────────────────────────────
  │ boot   0 s
  │ make   8 s
  ▎ two <warnings>
  build.log (https://console.test/log) · [a chart]`,
  );
});

test('in a narrow terminal the fields stand below each other', () => {
  const lines = renderText(FINISHED, { colour: false, width: 36, channel: 'general' }).split('\n');
  assert.deepEqual(lines.slice(5, 10), [
    '  Run',
    '  20261124-033851-d2b2',
    '  Cost',
    '  about $0.31',
    '  Parameters',
  ]);
});

test('an attachment has a bar', () => {
  assert.equal(
    renderText(FAILED, { colour: false, width: 40, channel: 'general' }),
    '#general 03:39 UTC\n  ┃ ❌ all failed',
  );
});

test('colours are escape codes that are closed again', () => {
  assert.equal(
    renderText(FAILED, { colour: true, width: 40, channel: 'general' }),
    '\u001b[1m#general\u001b[22m \u001b[2m03:39 UTC\u001b[22m\n' +
      '  \u001b[2m┃\u001b[22m ❌ \u001b[1mall\u001b[22m failed',
  );
});
