import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const CYCLE = 'lint/suspicious/noImportCycles';
const FORBIDDEN = 'lint/style/noRestrictedImports';

/** What `npm run lint` reports of an otherwise empty repository with these files, as `<file> <rule>`. */
function lint(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    cpSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const args = ['check', '--vcs-enabled=false', '--reporter=json', '.'];
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), args, {
      cwd: folder,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { category: string; location: { path: string } }[];
    };
    return diagnostics.map(({ category, location }) => `${location.path} ${category}`).sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const imports = (path: string) => `import { x } from '${path}';\n\nexport const y = x;\n`;
const importsType = (path: string) => `import type { X } from '${path}';\n\nexport type Y = X;\n`;

test('the linter refuses an import cycle', () => {
  const files = { 'shared/a.ts': imports('./b.ts'), 'shared/b.ts': imports('./a.ts') };
  assert.deepEqual(lint(files), [`shared/a.ts ${CYCLE}`, `shared/b.ts ${CYCLE}`]);
});

test('the linter refuses an import cycle of types alone', () => {
  const files = { 'cli/a.ts': importsType('./b.ts'), 'cli/b.ts': importsType('./a.ts') };
  assert.deepEqual(lint(files), [`cli/a.ts ${CYCLE}`, `cli/b.ts ${CYCLE}`]);
});

for (const [file, path] of [
  ['shared/slack/a.ts', '../../functions/start-run/index.ts'],
  ['shared/a.ts', '../local/cloud.ts'],
  ['shared/reconcile/a.ts', '@google-cloud/storage'],
  ['shared/intake/a.ts', '@google-cloud/storage'],
  ['shared/model/a.ts', '@slack/web-api'],
  ['functions/start-run/a.ts', '../finish-run/index.ts'],
  ['functions/start-run/a.ts', '../../deploy/table/grants.ts'],
  ['deploy/table/a.ts', '../../cli/main.ts'],
  ['dashboard/views/a.ts', '../../cli/output/bar.ts'],
  ['cli/runs/a.ts', '../../deploy/table/grants.ts'],
  ['cli/a.ts', '../local/cloud.ts'],
  ['sandbox/a.ts', '../cli/main.ts'],
] as const) {
  test(`the linter refuses that ${file} imports ${path}`, () => {
    assert.deepEqual(lint({ [file]: imports(path) }), [`${file} ${FORBIDDEN}`]);
  });
}

test('the linter allows what the house rules allow', () => {
  const files = {
    'shared/google/a.ts': imports('@google-cloud/storage'),
    'shared/reconcile/a.ts': imports('../model/slot.ts'),
    'functions/start-run/a.ts': imports('../../shared/runtime/serve.ts'),
    'cli/runs/a.ts': imports('../output/bar.ts'),
    'cli/commands/a.ts': imports('../../dashboard/server.ts'),
    'sandbox/a.ts': imports('../local/cloud.ts'),
  };
  assert.deepEqual(lint(files), []);
});
