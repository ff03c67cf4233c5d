import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressLine } from './progress.ts';

test('the progress tells the share, the rate and the time left', () => {
  assert.equal(
    progressLine(10_000, 20_000, 24),
    '████████████░░░░░░░░░░░░  50 %  10,000 of 20,000 runs, 417 a second, 24 s left',
  );
  assert.equal(progressLine(0, 100, 0), '░░░░░░░░░░░░░░░░░░░░░░░░   0 %  0 of 100 runs, 0 a second');
});
