import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSerial } from '../../compute/serial-output.ts';

const directory = mkdtempSync(join(tmpdir(), 'gcp-local-serial-'));
const log = join(directory, 'serial.log');
after(() => rm(directory, { recursive: true }));

test('the port of a machine that was never on is empty', async () => {
  assert.deepEqual(await readSerial(join(directory, 'absent')), { contents: '', start: 0, next: 0 });
});

test('a reader goes on where it left off', async () => {
  writeFileSync(log, 'one\ntwo\n');
  assert.deepEqual(await readSerial(log), { contents: 'one\ntwo\n', start: 0, next: 8 });
  assert.deepEqual(await readSerial(log, 4), { contents: 'two\n', start: 4, next: 8 });
  assert.deepEqual(await readSerial(log, 8), { contents: '', start: 8, next: 8 });
  assert.deepEqual(await readSerial(log, -4), { contents: 'two\n', start: 4, next: 8 });
});

test('only the last megabyte is kept', async () => {
  writeFileSync(log, `lost${'x'.repeat(1024 * 1024)}`);
  const output = await readSerial(log, 0);
  assert.equal(output.start, 4);
  assert.equal(output.contents.length, 1024 * 1024);
  assert.equal(output.next, 4 + 1024 * 1024);
});

test('half a character waits for its other half', async () => {
  const whole = Buffer.from('é€😀');
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(log, whole.subarray(0, length));
    const first = await readSerial(log);
    writeFileSync(log, whole);
    const second = await readSerial(log, first.next);
    assert.equal(first.contents + second.contents, 'é€😀');
  }
});
