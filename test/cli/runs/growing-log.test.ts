import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrowingLog } from '../../../cli/runs/growing-log.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { MemoryFiles } from '../support/memory-files.ts';

const MIB = 1024 * 1024;

test('a log larger than the memory comes in parts of eight megabytes, whole lines as long as there are any', async () => {
  const objects = new MemoryFiles(new ManualClock());
  const log = new GrowingLog(objects, 'build.log');
  const lines = 'a line of sixteen\n'.repeat(MIB);
  const endless = 'x'.repeat(9 * MIB);
  objects.write('build.log', `${lines}${endless}\nhalf a l`);
  const parts = await Array.fromAsync(log.lines());
  assert.ok(parts.every(({ length }) => length <= 8 * MIB));
  assert.deepEqual(
    parts.slice(0, 2).map((part) => part.at(-1)),
    [0x0a, 0x0a],
  );
  assert.ok(Buffer.concat(parts).equals(Buffer.from(`${lines}${endless}\n`)));
  assert.deepEqual(await Array.fromAsync(log.lines()), []);
  objects.write('build.log', `${lines}${endless}\nhalf a line\nlast`);
  assert.equal(String(Buffer.concat(await Array.fromAsync(log.lines()))), 'half a line\n');
  assert.equal(String(Buffer.concat(await Array.fromAsync(log.rest()))), 'last');
});

test('what could not be read is read at the next look, though the log has not changed', async () => {
  const objects = new MemoryFiles(new ManualClock());
  objects.write('build.log', 'one\n');
  const log = new GrowingLog(objects, 'build.log');
  const read = objects.readFrom;
  objects.readFrom = () => Promise.reject(new Error('out of reach'));
  await assert.rejects(Array.fromAsync(log.lines()), new Error('out of reach'));
  objects.readFrom = read;
  assert.equal(String(Buffer.concat(await Array.fromAsync(log.lines()))), 'one\n');
});
