import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { NotFoundError, TransientError } from '../../../shared/errors.ts';
import { sha256 } from '../../../shared/model/message.ts';
import type { FileStore } from '../../../shared/ports/files.ts';
import type { ObjectInfo } from '../../../shared/ports/objects.ts';
import { startBucket } from '../../cli/support/bucket.ts';
import { MemoryFiles } from '../../cli/support/memory-files.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

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
      assert.equal(String(await store.readFrom('log', 6, 2)), 'tw');
      assert.equal(String(await store.readFrom('log', 6, 99)), 'two\n');
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
        const target = path.join(folder, `${name} ${object}`);
        await store.download(info as ObjectInfo, target, (part) => received.push(part));
        assert.ok(readFileSync(target).equals(content));
        assert.equal(sum(received), bytes);
      });
    }

    test('a file that is not what its hash says is not stored', async () => {
      const file = fileOf('as it is now');
      const changed = {
        name: 'InvalidError',
        message: `${file}: changed while it was pushed. Push again.`,
      };
      await assert.rejects(store.upload('changed', file, undefined, sha256('as it was')), changed);
      assert.equal(await store.stat('changed'), undefined);
      assert.equal(await store.upload('changed', file, undefined, sha256('as it is now')), 'created');
    });

    test('completes a file that has the beginning, and fetches the rest only', async () => {
      await store.put('resumed', 'one two three');
      const info = (await store.stat('resumed')) as ObjectInfo;
      for (const present of ['one two', 'one two three']) {
        const target = fileOf(present);
        const received: number[] = [];
        await store.download(info, target, (part) => received.push(part));
        assert.equal(readFileSync(target, 'utf8'), 'one two three');
        assert.equal(sum(received), 13 - present.length);
      }
    });

    test('a file that has something else is emptied, so that the next try fetches all', async () => {
      await store.put('other', 'one two three');
      const info = (await store.stat('other')) as ObjectInfo;
      for (const present of ['ONE', 'longer than the object']) {
        const target = fileOf(present);
        await assert.rejects(store.download(info, target), TransientError);
        assert.equal(readFileSync(target, 'utf8'), '');
        await store.download(info, target);
        assert.equal(readFileSync(target, 'utf8'), 'one two three');
      }
    });

    test('an object that is gone is not found', async () => {
      const gone = { name: 'gone', bytes: 1, crc32c: '', generation: '1', updatedAt: '' };
      await assert.rejects(store.download(gone, path.join(folder, 'gone')), NotFoundError);
    });
  });
}

for (const bytes of [10_000, 9_000_000]) {
  test(`a file of ${bytes} bytes that changes while it is sent is not stored`, async () => {
    const file = fileOf(Buffer.alloc(bytes, 'before'));
    const begun = bucket.faults.add({ operation: 'storage.objects.insert', kind: 'drop-before' });
    const name = `changing-${bytes}`;
    const sending = bucket.objects.upload(name, file, undefined, sha256(readFileSync(file, 'utf8')));
    const refused = assert.rejects(sending, { name: 'InvalidError' });
    // The client has begun, and begins again after the broken connection.
    while (begun.struck === 0) await turn();
    writeFileSync(file, Buffer.alloc(bytes, 'after'));
    await refused;
    assert.equal(await bucket.objects.stat(name), undefined);
  });
}

test('what came before the connection broke stays', async () => {
  const content = Buffer.alloc(3_000_000, 'xyz');
  await bucket.objects.upload('cut', fileOf(content));
  const info = (await bucket.objects.stat('cut')) as ObjectInfo;
  bucket.faults.add({ operation: 'storage.objects.get', kind: 'cut', afterBytes: 1_000_000 });
  const target = path.join(folder, 'cut');
  const received: number[] = [];
  const onBytes = (part: number) => received.push(part);
  await assert.rejects(bucket.objects.download(info, target, onBytes), TransientError);
  const kept = statSync(target).size;
  assert.ok(kept > 500_000 && kept <= 1_000_000, `${kept} bytes`);
  received.length = 0;
  await bucket.objects.download(info, target, onBytes);
  assert.ok(readFileSync(target).equals(content));
  assert.equal(sum(received), content.length - kept);
});

test('bytes that were damaged on their way are refused', async () => {
  await bucket.objects.put('damaged', 'as sent');
  const info = (await bucket.objects.stat('damaged')) as ObjectInfo;
  await assert.rejects(
    bucket.objects.download({ ...info, crc32c: 'AAAAAA==' }, path.join(folder, 'damaged')),
    new TransientError(
      'read gs://vicinity-local/damaged: the received bytes do not have the checksum AAAAAA==.',
    ),
  );
});

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
