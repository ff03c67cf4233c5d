import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { isListening } from '../../../bench/cold-start/measure.ts';
import { bundle, FRAMEWORK } from '../../../scripts/functions/bundle.ts';

const DEADLINE_MS = 20_000;

/** A function that never ends, and has an error where no promise takes it. */
const FAULTY = `
  import { cloudEvent } from ${JSON.stringify(join(dirname(FRAMEWORK), 'index.js'))};
  cloudEvent('faulty', () => new Promise(() => setTimeout(() => { throw new Error('outside of all promises'); })));
  require(${JSON.stringify(FRAMEWORK)});`;

test('an error outside of all promises is answered with 500, and ends the process', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'without-domains-'));
  try {
    writeFileSync(join(directory, 'index.cjs'), await bundle(FAULTY));
    writeFileSync(join(directory, 'package.json'), '{"main": "index.cjs"}');
    const socketPath = join(directory, 'socket');
    const args = ['index.cjs', '--target=faulty', '--signature-type=cloudevent'];
    const env = { PATH: process.env.PATH, PORT: socketPath };
    const options = { cwd: directory, env, timeout: DEADLINE_MS } as const;
    const process_ = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(process_, 'exit');
    await isListening(process_);
    const call = request({ socketPath, method: 'POST', path: '/', headers: EVENT }).end('{}');
    const [response] = await once(call, 'response');
    assert.equal(response.statusCode, 500);
    assert.equal(Buffer.concat(await response.toArray()).toString(), 'outside of all promises');
    assert.deepEqual(await ended, [16, null]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

const EVENT = {
  'content-type': 'application/json',
  'ce-id': '1',
  'ce-source': 'test',
  'ce-specversion': '1.0',
  'ce-type': 'test',
};
