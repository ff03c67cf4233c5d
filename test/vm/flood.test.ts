import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { crc32c, encodeCrc32c } from '../../local/storage/checks/crc32c.ts';
import { RESULTS } from '../startup-script/fixture/machine.ts';
import { type Machine, onlyWithNspawn, startMachine } from './fixture/machine.ts';
import { watchMemory } from './fixture/peak-memory.ts';

const GIB = 2 ** 30;
/** Of a console that shows the end of the log and says what it left out. */
const MAX_CONSOLE_BYTES = 64 << 20;
const MAX_MEMORY_KIB = 128 << 10;
/** No two lines are alike, so that a piece of the log that is lost, doubled or out of place changes its hash. */
const FIRST = '10000000000\n';
const FLOOD = `all:
	@mkdir -p out
	@seq 10000000000 10999999999 | head -c ${GIB} | tee /dev/stderr | sha256sum >out/x
`;

describe('a job that floods its log', onlyWithNspawn, () => {
  test('a gigabyte of output stays bounded in memory and on the console, and is stored whole', async (t) => {
    const machine = await startMachine(t, { memoryMib: 400, diskMib: 3000 });
    await machine.submit({ Makefile: FLOOD });
    const memory = watchMemory(machine.group);
    const { by, console } = await machine.boot();
    const peaks = memory.stop();
    const outcome = await machine.outcome();
    assert.deepEqual([by, outcome?.outcome], ['guest', 'succeeded'], console.slice(-5000));

    const [printed] = ((await machine.result('out/x')) ?? '').split(' ');
    const log = await hashOfLog(machine);
    assert.equal(log.flood, printed);
    const entry = outcome?.manifest.find(({ name }) => name.endsWith('/build.log'));
    assert.deepEqual(entry, { ...entry, bytes: log.size, crc32c: log.crc32c });

    assert.match(console, /\[vicinity\] \d+ bytes of output are only in build\.log/);
    assert.ok(console.length < MAX_CONSOLE_BYTES, `${console.length} bytes on the console`);
    assert.ok(
      Object.values(peaks).every((peak) => peak < MAX_MEMORY_KIB),
      JSON.stringify(peaks),
    );
  });
});

/** Size and crc32c of build.log as it is in the bucket, and the sha256 of the gigabyte in it, which follows make's first words. */
async function hashOfLog(machine: Machine) {
  const flood = createHash('sha256');
  let [size, crc, start] = [0, 0, -1];
  for await (const piece of machine.cloud.pieces(`${RESULTS}/build.log`)) {
    if (start < 0) start = Buffer.from(piece).indexOf(FIRST);
    flood.update(piece.subarray(Math.max(start - size, 0), Math.max(start + GIB - size, 0)));
    crc = crc32c(piece, crc);
    size += piece.length;
  }
  return { size, crc32c: encodeCrc32c(crc), flood: flood.digest('hex') };
}
