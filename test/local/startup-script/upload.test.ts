import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { FaultRule } from '../../../local/core/faults.ts';
import { BUCKET } from '../../startup-script/fixture/cloud.ts';
import { cloudFor } from '../../startup-script/fixture/cloud-scope.ts';
import { runTool } from '../../startup-script/fixture/tool.ts';

const INSERT = 'storage.objects.insert';
const SMALL = randomBytes(1000);
/** Nine chunks of 256 KiB and a rest. */
const LARGE = randomBytes(9 * 256 * 1024 + 17);

const PASSING: [string, FaultRule[], Buffer][] = [
  ['503 for a while', [{ operation: INSERT, kind: 'error', status: 503, times: 3 }], SMALL],
  ['429', [{ operation: INSERT, kind: 'error', status: 429 }], SMALL],
  ['a passing 401', [{ operation: INSERT, kind: 'error', status: 401, times: 2 }], SMALL],
  [
    'rights that arrive late: a passing 403',
    [{ operation: INSERT, kind: 'error', status: 403, times: 2 }],
    SMALL,
  ],
  ['a connection that breaks before', [{ operation: INSERT, kind: 'drop-before', times: 2 }], SMALL],
  ['a success whose reply is lost', [{ operation: INSERT, kind: 'drop' }], SMALL],
  ['a success that looks like a fault', [{ operation: INSERT, kind: 'error-after' }], SMALL],
  [
    'faults in the middle of a large file',
    [
      { operation: INSERT, kind: 'error', status: 503, skip: 2, times: 2 },
      { operation: INSERT, kind: 'drop', skip: 6, times: 2 },
      { operation: INSERT, kind: 'error-after', status: 500, skip: 9 },
    ],
    LARGE,
  ],
];

describe('uploads', { concurrency: 4 }, () => {
  for (const [what, faults, bytes] of PASSING) {
    test(`an upload outlives ${what}`, async (t) => {
      const { cloud, result, ledger, read } = await uploadWith(t, faults, bytes);
      assert.deepEqual(result, { status: 0, stdout: '', stderr: '' });
      const tokens = cloud.calls.filter((call) => call.operation === 'metadata.get').length;
      assert.equal(
        tokens,
        1 + faults.filter((fault) => fault.status === 401).length * 2,
        'a new token after a 401',
      );
      assert.ok(
        cloud.faults.list().every((fault) => fault.struck === (fault.times ?? 1)),
        JSON.stringify(cloud.faults.list()),
      );
      assert.equal(
        createHash('md5')
          .update(await read())
          .digest('hex'),
        createHash('md5').update(bytes).digest('hex'),
      );
      assert.deepEqual(
        ledger().map(({ crc32c, ...entry }) => ({ ...entry, hasCrc: typeof crc32c === 'string' })),
        [
          { name: 'results/r/out.bin', bytes: bytes.length, hasCrc: true },
          { path: 'out.bin', objects: 1, bytes: bytes.length, hasCrc: false },
        ],
      );
    });
  }

  test('an upload that stays refused fails in the end, with the remedy', async (t) => {
    const forbidden = { operation: INSERT, kind: 'error', status: 403, reason: 'forbidden', times: 1e6 };
    const { result, ledger } = await uploadWith(t, [forbidden], SMALL, { VICINITY_RETRY_SECONDS: '2' });
    assert.equal(result.status, 1);
    assert.match(
      result.stderr,
      /^out\.bin was not uploaded: POST http:\S+\/o answered 403: A fault on demand answers 403 here\. The VM's service account may not do this: `vicinity doctor` names the missing role\.\n$/,
    );
    assert.deepEqual(ledger(), [{ path: 'out.bin', objects: 0, bytes: 0 }]);
  });

  test('what is not a regular file, or is a link that is not followed, is left out and named', async (t) => {
    const { cloud, directory, env } = await cloudFor(t);
    mkdirSync(join(directory, 'src/out/folder'), { recursive: true });
    writeFileSync(join(directory, 'src/out/folder/a'), 'a');
    writeFileSync(join(directory, 'beside'), 'not theirs');
    for (const [link, target] of [
      ['out/to-file', 'folder/a'],
      ['out/to-folder', 'folder'],
      ['out/to-nowhere', 'nowhere'],
      ['out/outside', '../../beside'],
      ['elsewhere', directory],
    ] as const)
      symlinkSync(target, join(directory, 'src', link));
    const args = [BUCKET, 'results/r', join(directory, 'src'), join(directory, 'ledger')];
    const { status, stdout } = await runTool('outputs', [...args, 'out', 'elsewhere', 'none'], env);
    assert.equal(status, 0);
    assert.equal(
      stdout,
      'output elsewhere is missing or empty\noutput none is missing or empty\n' +
        'left out (not a regular file, or a link to a folder, to nowhere or out of the source): ' +
        'elsewhere, out/outside, out/to-folder, out/to-nowhere\n',
    );
    assert.deepEqual(await cloud.names('results/r/'), ['results/r/out/folder/a', 'results/r/out/to-file']);
  });

  test('a name that the bucket cannot take is refused at once, by name, and the others are stored', async (t) => {
    const { cloud, directory, env } = await cloudFor(t);
    const out = join(directory, 'out');
    const long = join(
      out,
      'a'.repeat(200),
      'b'.repeat(200),
      'c'.repeat(200),
      'd'.repeat(200),
      'e'.repeat(200),
    );
    mkdirSync(long, { recursive: true });
    writeFileSync(join(long, 'ü'.repeat(20)), 'x');
    writeFileSync(join(out, 'good.csv'), 'x');
    writeFileSync(join(out, 'line\nbreak'), 'x');
    const latin1 = Buffer.concat([Buffer.from(join(out, 'caf')), Buffer.from([0xe9]), Buffer.from('.csv')]);
    writeFileSync(latin1, 'x');
    const began = performance.now();
    const args = [BUCKET, 'results/r', directory, join(directory, 'ledger'), 'out'];
    const { status, stderr } = await runTool('outputs', args, { ...env, VICINITY_RETRY_SECONDS: '60' });
    assert.ok(performance.now() - began < 30_000, 'nothing is tried again');
    assert.equal(status, 1);
    const [tooLong = '', ...others] = stderr.trimEnd().split('\n');
    assert.match(
      tooLong,
      /^out\/a{200}\/.*\/ü{20} was not uploaded: object names have at most 1024 bytes, and this one has 1059\. Shorten its path\.$/,
    );
    assert.deepEqual(others, [
      'out/caf\\xe9.csv was not uploaded: its name is not valid UTF-8. Rename it.',
      'out/line\\nbreak was not uploaded: its name has a line break. Rename it.',
    ]);
    assert.deepEqual(await cloud.names('results/r/'), ['results/r/out/good.csv']);
  });

  test('an output is not stored over an object of this system; its logs are', async (t) => {
    const { cloud, directory, env } = await cloudFor(t);
    mkdirSync(join(directory, 'out/sub'), { recursive: true });
    mkdirSync(join(directory, 'out/report.html'));
    for (const name of ['summary.json', 'sub/summary.json', 'report.html/x'])
      writeFileSync(join(directory, 'out', name), 'mine');
    const args = [BUCKET, 'results/r', join(directory, 'out'), join(directory, 'ledger'), '.'];
    const { status, stderr } = await runTool('outputs', args, env);
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "report.html/x was not uploaded: report.html, at the top of the results, is one of Vicinity's own objects. Rename it.\n" +
        "summary.json was not uploaded: summary.json, at the top of the results, is one of Vicinity's own objects. Rename it.\n",
    );
    assert.deepEqual(await cloud.names('results/r/'), ['results/r/sub/summary.json']);
    writeFileSync(join(directory, 'build.log'), 'ours');
    const logs = [BUCKET, 'results/r', directory, join(directory, 'ledger'), 'build.log'];
    assert.deepEqual(await runTool('logs', logs, env), { status: 0, stdout: '', stderr: '' });
  });

  test('in an outage the many files of a run do not each wait for their own deadline', async (t) => {
    const { cloud, directory, env } = await cloudFor(t);
    mkdirSync(join(directory, 'out'));
    for (let file = 0; file < 80; file++)
      writeFileSync(join(directory, 'out', `${file}`), file % 2 ? 'x' : LARGE);
    cloud.faults.add({ operation: INSERT, kind: 'error', times: 1e6 });
    const began = performance.now();
    const args = [BUCKET, 'results/r', directory, join(directory, 'ledger'), 'out'];
    const result = await runTool('outputs', args, {
      ...env,
      VICINITY_RETRY_SECONDS: '4',
      VICINITY_CHUNK_BYTES: String(256 * 1024),
    });
    assert.equal(result.stderr.trimEnd().split('\n').length, 80);
    assert.ok(performance.now() - began < 7500);
  });
});

async function uploadWith(
  t: TestContext,
  faults: FaultRule[],
  bytes: Buffer,
  environment: Record<string, string> = {},
) {
  const { cloud, directory, env } = await cloudFor(t);
  writeFileSync(join(directory, 'out.bin'), bytes);
  for (const fault of faults) cloud.faults.add(fault);
  const args = [BUCKET, 'results/r', directory, join(directory, 'ledger'), 'out.bin'];
  const result = await runTool('outputs', args, {
    ...env,
    VICINITY_CHUNK_BYTES: String(256 * 1024),
    ...environment,
  });
  const ledger = (): Record<string, unknown>[] =>
    readFileSync(join(directory, 'ledger'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { cloud, result, ledger, read: () => cloud.bytes('results/r/out.bin') };
}
