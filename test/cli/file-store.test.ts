import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import { NotFoundError, TransientError } from '../../shared/errors.ts';
import type { FileStore } from '../../shared/ports/files.ts';
import type { ObjectInfo } from '../../shared/ports/objects.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { startBucket } from './support/bucket.ts';
import { MemoryFiles } from './support/memory-files.ts';

const bucket = await startBucket();
const folder = mkdtempSync(path.join(tmpdir(), 'vicinity-files-'));
after(() => rmSync(folder, { recursive: true }));

/** One contract for every implementation of the port. */
const STORES: [name: string, store: FileStore][] = [
  ['Cloud Storage', bucket.objects],
  ['memory', new MemoryFiles(new ManualClock())],
];

function fileOf(content: string | Buffer): string {
  const file = path.join(folder, 'file');
  writeFileSync(file, content);
  return file;
}

for (const [name, store] of STORES) {
  suite(name, () => {
    test('reads on from an offset', async () => {
      await store.put('log', 'één\ntwo\n');
      assert.equal(String(await store.readFrom('log', 6)), 'two\n');
      assert.equal(String(await store.readFrom('log', 10)), '');
      assert.equal(String(await store.readFrom('log', 99)), '');
      await store.put('empty', '');
      assert.equal(String(await store.readFrom('empty', 0)), '');
      assert.equal(await store.readFrom('absent', 0), undefined);
    });

    for (const bytes of [0, 1, 9_000_000]) {
      test(`uploads a file of ${bytes} bytes once, and downloads it unchanged`, async () => {
        const content = Buffer.alloc(bytes, 'xyz');
        const object = `object-${bytes}`;
        const sent: number[] = [];
        assert.equal(await store.upload(object, fileOf(content), (part) => sent.push(part)), 'created');
        assert.equal(sum(sent), bytes);
        assert.equal(await store.upload(object, fileOf(`other ${bytes}`)), 'exists');
        const info = await store.stat(object);
        assert.equal(info?.bytes, bytes);
        assert.equal(info?.crc32c, await store.checksum(fileOf(content)));
        const received: number[] = [];
        const target = path.join(folder, 'target');
        await store.download(info as ObjectInfo, target, (part) => received.push(part));
        assert.ok(readFileSync(target).equals(content));
        assert.equal(sum(received), bytes);
      });
    }

    test('an object that is gone is not found', async () => {
      const gone = { name: 'gone', bytes: 1, crc32c: '', generation: '1', updatedAt: '' };
      await assert.rejects(store.download(gone, path.join(folder, 'gone')), NotFoundError);
    });
  });
}

test('bytes that were damaged on their way are refused', async () => {
  await bucket.objects.put('damaged', 'as sent');
  const info = (await bucket.objects.stat('damaged')) as ObjectInfo;
  await assert.rejects(
    bucket.objects.download({ ...info, crc32c: 'AAAAAA==' }, path.join(folder, 'damaged')),
    new TransientError(
      'read gs://vicinity-local/damaged: the bytes that came do not have its checksum AAAAAA==.',
    ),
  );
});

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
