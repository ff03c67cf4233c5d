import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../../../scripts/functions/bundle.ts';

/** What a program prints that is bundled as functions are. */
async function printedBy(program: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'lazy-builtins-'));
  const file = join(directory, 'index.cjs');
  try {
    writeFileSync(file, await bundle(program));
    const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    // Of an error the last lines: the first one is the whole bundle.
    return stdout + stderr.split('\n').slice(-4).join('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('a part of Node that is loaded late works, however it is imported', async () => {
  const program = `
    import https, { Agent } from 'node:https';
    import * as processes from 'child_process';
    const { createServer } = require('https');
    console.log(new https.Agent() instanceof Agent, typeof createServer, String(processes.execFileSync('echo', ['hello'])).trim());`;
  assert.equal(await printedBy(program), 'true function hello\n');
});

test('it is not loaded before', async () => {
  const program = `
    import https from 'node:https';
    const loaded = () => process.moduleLoadList.includes('NativeModule https');
    const before = loaded();
    https.globalAgent;
    console.log(before, loaded());`;
  assert.equal(await printedBy(program), 'false true\n');
});
