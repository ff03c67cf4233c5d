import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const PROGRAM = path.join(import.meta.dirname, '../../cli/main.ts');
const FULL_DEVICE = '/dev/full';
const skip = existsSync(FULL_DEVICE) ? false : `there is no ${FULL_DEVICE} here`;

/** Calls the command in a shell, with what becomes of its stdout; resolves with how the command itself ended. */
function inShell(rest: string): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(
    'bash',
    ['-o', 'pipefail', '-c', `"$0" "$1" --help ${rest}`, process.execPath, PROGRAM],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}

test('data that cannot be written is told, and no success', { skip }, async () => {
  assert.deepEqual(await inShell(`>${FULL_DEVICE}`), {
    code: 2,
    stderr: 'error: ENOSPC: no space left on device, write. Make room there, or choose another place.\n',
  });
});

test('a reader that has seen enough is no error', async () => {
  assert.deepEqual(await inShell('| true'), { code: 0, stderr: '' });
});
