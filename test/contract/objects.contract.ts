import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import type { ObjectStore } from '../../shared/ports/objects.ts';

/** What every implementation of ObjectStore must do. `make` gives an empty store. */
export function objectsContract(name: string, make: () => Promise<ObjectStore>): void {
  suite(`ObjectStore: ${name}`, () => {
    test('what is not there is undefined', async () => {
      const objects = await make();
      assert.equal(await objects.read('a/none'), undefined);
      assert.equal(await objects.readTail('a/none', 10), undefined);
      assert.equal(await objects.stat('a/none'), undefined);
      assert.deepEqual(await objects.list({ prefix: 'a/' }), []);
      await assert.rejects(objects.open('a/none'), { name: 'NotFoundError' });
    });

    test('create makes an object once', async () => {
      const objects = await make();
      assert.equal(await objects.create('a/once.json', '{"first":true}'), 'created');
      assert.equal(await objects.create('a/once.json', '{"first":false}'), 'exists');
      assert.equal((await objects.read('a/once.json'))?.text, '{"first":true}');
    });

    test('of two creates at the same time one wins', async () => {
      const objects = await make();
      const results = await Promise.all(['1', '2', '3'].map((body) => objects.create('a/race', body)));
      assert.deepEqual(results.toSorted(), ['created', 'exists', 'exists']);
    });

    test('replace succeeds for the generation that was read, and only for that', async () => {
      const objects = await make();
      await objects.create('a/x', '1');
      const first = await objects.read('a/x');
      assert.equal(await objects.replace('a/x', '2', first?.generation ?? ''), 'replaced');
      assert.equal(await objects.replace('a/x', '3', first?.generation ?? ''), 'conflict');
      assert.equal((await objects.read('a/x'))?.text, '2');
    });

    test('put overwrites', async () => {
      const objects = await make();
      await objects.put('a/y', 'one');
      await objects.put('a/y', 'zwei – drei');
      assert.equal((await objects.read('a/y'))?.text, 'zwei – drei');
      assert.equal(await text(await objects.open('a/y')), 'zwei – drei');
    });

    test('an object that is replaced while it is read is never missed', async () => {
      const objects = await make();
      await objects.put('a/busy', '0');
      const writing = Promise.all(
        Array.from({ length: 40 }, (_, index) => objects.put('a/busy', String(index))),
      );
      const read = await Promise.all(Array.from({ length: 40 }, () => objects.read('a/busy')));
      await writing;
      assert.equal(read.includes(undefined), false);
    });

    test('stat tells size, checksum and generation', async () => {
      const objects = await make();
      await objects.put('a/hello', 'hello');
      const info = await objects.stat('a/hello');
      assert.equal(info?.bytes, 5);
      assert.equal(info?.crc32c, 'mnG7TA==');
      assert.equal(info?.generation, (await objects.read('a/hello'))?.generation);
    });

    test('a mark as superseded is seen, moves forward, and leaves the content alone', async () => {
      const objects = await make();
      await objects.put('a/old', 'old');
      assert.equal((await objects.stat('a/old'))?.retiredAt, undefined);
      for (const at of ['2026-11-24T03:00:00.000Z', '2026-11-25T03:00:00.000Z']) {
        await objects.retire('a/old', new Date(at));
        const [listed] = await objects.list({ prefix: 'a/old' });
        assert.equal(new Date(listed?.retiredAt ?? '').toISOString(), at);
      }
      assert.equal((await objects.read('a/old'))?.text, 'old');
      await objects.retire('a/none', new Date());
      assert.equal(await objects.stat('a/none'), undefined);
    });

    test('readTail gives the last bytes, or all there are', async () => {
      const objects = await make();
      await objects.put('a/log', 'one\ntwo\nthree\n');
      await objects.put('a/empty', '');
      assert.equal(await objects.readTail('a/log', 6), 'three\n');
      assert.equal(await objects.readTail('a/log', 1000), 'one\ntwo\nthree\n');
      assert.equal(await objects.readTail('a/empty', 6), '');
    });

    test('list goes by prefix and start, in byte order', async () => {
      const objects = await make();
      for (const each of ['r/b/2', 'r/a/1', 'r/c/3', 'q/z']) await objects.put(each, 'x');
      const names = async (options: Parameters<ObjectStore['list']>[0]) =>
        (await objects.list(options)).map((info) => info.name);
      assert.deepEqual(await names({ prefix: 'r/' }), ['r/a/1', 'r/b/2', 'r/c/3']);
      assert.deepEqual(await names({ prefix: 'r/', startOffset: 'r/b' }), ['r/b/2', 'r/c/3']);
      assert.deepEqual(await names({ prefix: 'r/', endOffset: 'r/c' }), ['r/a/1', 'r/b/2']);
      assert.deepEqual(await names({ prefix: 'r/', limit: 2 }), ['r/a/1', 'r/b/2']);
      assert.deepEqual(await objects.listFolders({ prefix: 'r/' }), ['r/a/', 'r/b/', 'r/c/']);
      const between = { prefix: 'r/', startOffset: 'r/b', endOffset: 'r/c' };
      assert.deepEqual(await objects.listFolders(between), ['r/b/']);
    });
  });
}
