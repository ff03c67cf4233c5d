import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, readSecret } from '../../../cli/context/ask.ts';
import { recordedHost } from '../support/call.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Runs a program on a terminal of its own, types the line once the prompt is there, and prints what the terminal showed. */
const TERMINAL = `
import os, pty, sys
prompt, line, *program = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(program[0], program)
shown, typed = b"", False
while True:
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    shown += data
    if not typed and prompt.encode() in shown:
        typed = True
        os.write(fd, line.encode() + b"\\r")
os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
`;

const PROGRAM = `
import { readSecret } from './cli/context/ask.ts';
import { processHost } from './cli/context/host.ts';
const secret = await readSecret(processHost(), 'Secret: ');
console.log(secret.length + ' characters');
`;

test('a secret that is typed is not shown', () => {
  const node = [process.execPath, '--input-type=module', '--eval', PROGRAM];
  const { stdout, stderr } = spawnSync('python3', ['-c', TERMINAL, 'Secret: ', 'sesame', ...node], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(stdout, 'Secret: \r\n6 characters\r\n', stderr);
});

test('from a file or a pipe a secret is everything, without the space around it', async () => {
  const { host, stderr } = recordedHost({ stdin: ' sesame\n' });
  assert.equal(await readSecret(host, 'Secret: '), 'sesame');
  assert.equal(stderr.text, '');
});

test('a question that nobody answers has no answer', async () => {
  const { host, stderr } = recordedHost({ stdin: '' });
  assert.equal(await ask(host, 'Sure? '), '');
  assert.equal(stderr.text, 'Sure? ');
  assert.equal(await ask(recordedHost({ stdin: 'yes\nno\n' }).host, 'Sure? '), 'yes');
});
