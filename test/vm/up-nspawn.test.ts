import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { withoutNspawn } from '../../local/test/vm/nspawn/without-nspawn.ts';

const PROGRAM = join(import.meta.dirname, '../../sandbox/main.ts');
const skip = withoutNspawn;
const state = mkdtempSync(join(tmpdir(), 'vicinity-up-'));
after(() => rmSync(state, { recursive: true }));

function local(args: string[], env = process.env) {
  return spawnSync(process.execPath, [PROGRAM, ...args, '--state', state], { env, encoding: 'utf8' });
}

const UP = ['up', '--vm', 'nspawn', '--port-base', '0', '--no-push', '--detach'];

test('without what it needs, up says what is missing and what to do, and starts nothing', () => {
  const { status, stdout, stderr } = local(UP, { ...process.env, PATH: '/nowhere' });
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^nspawn needs .+\. (Install them|Run as root|Use process mode).*\n$/);
});

test('up starts it in the background, down ends it', { skip }, () => {
  const up = local(UP);
  assert.equal(up.status, 0, up.stderr);
  assert.match(
    up.stdout,
    /^The local cloud is up\. Its VM runs in nspawn mode: a Debian of its own on this computer\.\n/,
  );
  const down = local(['down']);
  assert.match(down.stderr, /^The local cloud \(pid \d+\) has ended\./);
});
