import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { zip } from '../../deploy/google/zip.ts';

/** Prints names, permissions and contents as another implementation reads them. */
const READER = `
import io, json, sys, zipfile
archive = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
assert archive.testzip() is None
print(json.dumps([[e.filename, oct(e.external_attr >> 16), archive.read(e).decode()] for e in archive.infolist()]))
`;

const files = [
  { name: 'index.cjs', content: Buffer.from('console.log("hello")\n'.repeat(1000)) },
  { name: 'lib/grüße.txt', content: Buffer.from('') },
];

test('Python reads the archive', () => {
  const output = execFileSync('python3', ['-c', READER], { input: zip(files), encoding: 'utf8' });
  assert.deepEqual(
    JSON.parse(output),
    files.map(({ name, content }) => [name, '0o100644', content.toString()]),
  );
});

test('the same files are the same bytes, and repetition is compressed', () => {
  assert.deepEqual(zip(files), zip(files));
  assert.ok(zip(files).length < 1000);
});
