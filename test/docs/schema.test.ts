import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  configJsonSchemaText,
  OUTPUT_FOLDER,
  outputJsonSchemaTexts,
  SCHEMA_FILE,
} from '../../scripts/build-schema.ts';
import { loadConfig } from '../../shared/config/load.ts';
import { documents, ROOT } from './markdown.ts';

const published = z.fromJSONSchema(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')));

test('the published JSON Schema matches the code', () => {
  const message = 'Rebuild it: node scripts/build-schema.ts';
  assert.equal(readFileSync(SCHEMA_FILE, 'utf8'), configJsonSchemaText(), message);
});

test('the published schemas of the JSON output match the code', () => {
  const published = readdirSync(OUTPUT_FOLDER).map((name) => [
    name,
    readFileSync(join(OUTPUT_FOLDER, name), 'utf8'),
  ]);
  const message = 'Rebuild them: node scripts/build-schema.ts';
  assert.deepEqual(Object.fromEntries(published), outputJsonSchemaTexts(), message);
});

test('the schema accepts the configuration of the example', () => {
  const text = readFileSync(join(ROOT, 'examples/vicinity/vicinity.yaml'), 'utf8');
  assert.deepEqual(published.safeParse(parse(text)).error?.issues, undefined);
});

test('the schema refuses misspelled keys, values out of bounds and wrong types', () => {
  const wrong = [
    { projct: 'x' },
    { limits: { maxAttempts: 11 } },
    { targets: { 'all; rm': {} } },
    { targets: { all: { outputs: ['../secret'] } } },
    { params: { states: { pattern: 'x' } } },
    { params: { STATES: {} } },
    { machineTypes: [] },
    { provision: { apt: 'make' } },
  ];
  assert.deepEqual(
    wrong.filter((document) => published.safeParse(document).success),
    [],
  );
});

for (const { file, line, text } of documents().flatMap(({ fences }) => fences.filter(isYaml))) {
  test(`${file}:${line}: the snippet of vicinity.yaml is valid`, () => {
    assert.deepEqual(published.safeParse(parse(text)).error?.issues, undefined);
    const targets = { all: {}, d_anchor_category: {} };
    const document = { targets, ...parse(text) };
    assert.doesNotThrow(() => loadConfig({ text: JSON.stringify(document), env: {} }));
  });
}

function isYaml({ language }: { language: string }): boolean {
  return language === 'yaml';
}
