import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, readDocument } from './markdown.ts';

/** Messages of gcloud. */
const FOREIGN = ['You cannot send an empty message'];
const SOURCES = globSync('{cli,shared,local,sandbox,startup-script}/**/*.{ts,cjs,sh}', { cwd: ROOT });

test('every message that the page quotes exists in the source', () => {
  const source = SOURCES.filter((file) => !file.includes('test/'))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  const fragments = quotedMessages().flatMap((message) => message.split('…'));
  assert.ok(fragments.length > 8);
  assert.deepEqual(
    fragments.map((fragment) => fragment.trim()).filter((fragment) => !source.includes(fragment)),
    [],
  );
});

/** Code spans of several words in the first column of the table, where … stands for a changing part. */
function quotedMessages(): string[] {
  const symptoms = [...readDocument('docs/guide/troubleshooting.md').text.matchAll(/^\| (.+?) \| /gm)];
  return symptoms
    .flatMap(([, symptom = '']) => [...symptom.matchAll(/`([^`]+)`/g)])
    .map(([, message = '']) => message)
    .filter((message) => message.includes(' ') && !FOREIGN.includes(message));
}
