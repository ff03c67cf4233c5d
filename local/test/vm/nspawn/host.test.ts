import assert from 'node:assert/strict';
import { test } from 'node:test';
import { obstacleToNspawn, run } from '../../../vm/nspawn/host.ts';

const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;

test('a missing program is named, with the package that has it', {
  skip: !isRootOnLinux && 'skipped, because this is not root on Linux',
}, () => {
  const obstacle = obstacleToNspawn('/nowhere');
  assert.match(
    obstacle?.problem ?? '',
    /^nspawn needs programs that are not installed: systemd-nspawn, mmdebstrap, ip, /,
  );
  assert.match(
    obstacle?.remedy ?? '',
    /^Install them: apt-get install systemd-container mmdebstrap iproute2 /,
  );
});

test('without root, or elsewhere than on Linux, the other mode is named', {
  skip: isRootOnLinux && 'skipped, because this is root on Linux',
}, () => {
  assert.match(obstacleToNspawn()?.remedy ?? '', /process mode/);
});

test('a program that fails throws what it said; one that does not read its input is no error', async () => {
  await assert.rejects(run('bash', ['-c', 'echo no such thing >&2; exit 3']), /no such thing/);
  assert.equal(await run('bash', ['-c', 'exec <&-; echo done'], 'x'.repeat(1e6)), 'done\n');
});
