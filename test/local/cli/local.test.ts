import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const LAUNCHER = path.join(import.meta.dirname, '../../../cli/bin/vicinity.cjs');

test('local hands all that follows to its program, --json and --help too, and ends as that does', async (t) => {
  const state = mkdtempSync(path.join(tmpdir(), 'vicinity-state-'));
  t.after(() => rmSync(state, { recursive: true }));
  const absent = await vicinity('local', 'env', '--state', state);
  assert.equal(absent.code, 4);
  assert.match(absent.stderr, /^The local cloud of .* is not running\./);
  const help = await vicinity('local', 'up', '--help');
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: vicinity local up/);
  const wrong = await vicinity('local', 'up', '--jsn');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /unknown option '--jsn'/);
  const json = { ended: false, state };
  for (const args of [
    ['local', 'down', '--state', state, '--json'],
    ['--json', 'local', 'down', '--state', state],
  ])
    assert.deepEqual(JSON.parse((await vicinity(...args)).stdout), json);
});

function vicinity(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [LAUNCHER, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}
