import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blobName } from '../../shared/model/layout.ts';
import { BUCKET } from './fixture/cloud.ts';
import { cloudFor } from './fixture/cloud-scope.ts';
import { RUN_ID } from './fixture/machine.ts';
import { PYTHON, run, runTool, TOOLS } from './fixture/tool.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('bytes in the bucket are not uploaded again, unless they are marked as superseded', async (t) => {
  const { cloud, directory, env } = await cloudFor(t);
  mkdirSync(join(directory, 'data'));
  const objects = `${env.STORAGE_EMULATOR_HOST}/storage/v1/b/${BUCKET}/o`;
  const about = async (text: string) => {
    const answer = await fetch(`${objects}/${encodeURIComponent(blobName(sha256(text)))}`);
    return (await answer.json()) as { generation: string; customTime?: string };
  };
  for (const text of ['kept', 'marked']) {
    writeFileSync(join(directory, 'data', text), text);
    await cloud.put(blobName(sha256(text)), text);
  }
  await fetch(`${objects}/${encodeURIComponent(blobName(sha256('marked')))}`, {
    method: 'PATCH',
    body: JSON.stringify({ customTime: '2026-11-10T00:00:00Z' }),
  });
  const before = { kept: await about('kept'), marked: await about('marked') };
  assert.ok(before.marked.customTime);

  writeFileSync(join(directory, 'sources.json'), '{}');
  const ofRun = { TARGET: 'all', RUN_ID, ATTEMPT: '1', SOURCE_SHA256: sha256('') };
  const saved = await runTool('state', ['save', BUCKET, directory, directory, '0', 'data'], {
    ...env,
    ...ofRun,
  });
  assert.deepEqual([saved.status, saved.stderr], [0, '']);
  assert.equal((await about('kept')).generation, before.kept.generation);
  const after = await about('marked');
  assert.notEqual(after.generation, before.marked.generation);
  assert.equal(after.customTime, undefined);
});

test('restoring state hashes the files of the package; inputs already have a hash', async (t) => {
  const { directory } = await cloudFor(t);
  for (const folder of ['.vicinity', 'inputs'])
    mkdirSync(join(directory, 'src', folder), { recursive: true });
  const inputs = [{ path: './inputs/places.csv', sha256: sha256('checked before'), bytes: 3 }];
  const manifest = JSON.stringify({ version: 1, dirty: false, inputs });
  writeFileSync(join(directory, 'src/.vicinity/package.json'), manifest);
  writeFileSync(join(directory, 'src/inputs/places.csv'), 'csv');
  writeFileSync(join(directory, 'src/Makefile'), 'all:\n');
  const code = `import json, sys; sys.path.insert(0, ${JSON.stringify(TOOLS)})
from restore import hashes_of_sources; from tree import Tree
print(json.dumps(hashes_of_sources(Tree(sys.argv[1]))))`;
  const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', code, join(directory, 'src')]);
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), {
    '.vicinity/package.json': sha256(manifest),
    'inputs/places.csv': sha256('checked before'),
    Makefile: sha256('all:\n'),
  });
});
