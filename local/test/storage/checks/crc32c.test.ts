import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CRC32C } from '@google-cloud/storage';
import fc from 'fast-check';
import { crc32c, encodeCrc32c } from '../../../storage/checks/crc32c.ts';

test('crc32c of "123456789" is the check value of RFC 3720', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
});

test('crc32c agrees with the official client, in one piece or in two', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
      const official = new CRC32C();
      official.update(Buffer.from(bytes));
      assert.equal(encodeCrc32c(crc32c(bytes)), official.toString());
      assert.equal(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut))), crc32c(bytes));
    }),
  );
});
