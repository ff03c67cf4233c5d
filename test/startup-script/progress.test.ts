import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PYTHON, run, TOOLS } from './fixture/tool.ts';

const directory = mkdtempSync(join(tmpdir(), 'vicinity-progress-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const log = join(directory, 'build.log');

/** What the pattern finds in each of the logs' states, one after the other. */
async function looks(pattern: string, ...additions: (string | Buffer)[]): Promise<unknown[]> {
  writeFileSync(log, '');
  const code = `
import json, sys
sys.path.insert(0, ${JSON.stringify(TOOLS)})
from progress import Progress, TooSlow
progress = Progress(sys.argv[1], sys.argv[2])
for addition in sys.argv[3:]:
    with open(sys.argv[2], "ab") as log, open(addition, "rb") as more:
        log.write(more.read())
    try:
        found = progress.look()
        print(json.dumps(found and {k: v for k, v in found.items() if k in ("fraction", "done", "total", "sinceFraction")}))
    except TooSlow:
        print('"too slow"')
`;
  const files = additions.map((text, index) => {
    writeFileSync(join(directory, `${index}`), text);
    return join(directory, `${index}`);
  });
  const { status, stdout, stderr } = await run(PYTHON, ['-BS', '-c', code, pattern, log, ...files]);
  assert.deepEqual([status, stderr], [0, '']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const DONE = '(?<done>[\\d,]+)/(?<total>[\\d,]+) done';

test('the newest line that matches counts, and the pace counts from the first', async () => {
  assert.deepEqual(
    await looks(DONE, 'begin\n', '1/8 done\n2/8 done\nother\n', 'nothing new\n', '1,024/2,048 done\n'),
    [
      null,
      { fraction: 0.25, done: 2, total: 8, sinceFraction: 0.25 },
      { fraction: 0.25, done: 2, total: 8, sinceFraction: 0.25 },
      { fraction: 0.5, done: 1024, total: 2048, sinceFraction: 0.25 },
    ],
  );
});

test('a stage that starts again has its own pace', async () => {
  const found = await looks('(?<percent>[\\d.]+) ?%', '90%\n', '5 %\n', '120%\n');
  assert.deepEqual(found, [
    { fraction: 0.9, sinceFraction: 0.9 },
    { fraction: 0.05, sinceFraction: 0.05 },
    { fraction: 1, sinceFraction: 0.05 },
  ]);
});

test('half a line waits for its end; a carriage return is one', async () => {
  assert.deepEqual(await looks(DONE, '3/4 do', 'ne\r4/4 d'), [
    null,
    { fraction: 0.75, done: 3, total: 4, sinceFraction: 0.75 },
  ]);
});

test('numbers that make no sense are ignored', async () => {
  assert.deepEqual(await looks(DONE, '1/0 done\n,/4 done\n'), [null]);
});

test('bytes that are not text, and a line without an end, are ignored', async () => {
  const noise = Buffer.concat([
    Buffer.from([0xff, 0xfe, 0x0a]),
    Buffer.alloc(600_000, 'x'),
    Buffer.from('\n1/2 done\n'),
  ]);
  assert.deepEqual(await looks(DONE, noise), [{ fraction: 0.5, done: 1, total: 2, sinceFraction: 0.5 }]);
});

test('a pattern that takes too long is abandoned', async () => {
  assert.deepEqual(await looks('(?:a+)+(?<percent>\\d+)%', `${'a'.repeat(60)}!\n`), ['too slow']);
});

test('a log that does not exist yet has no progress', async () => {
  rmSync(log);
  appendFileSync(log, '');
  assert.deepEqual(await looks(DONE, ''), [null]);
});
