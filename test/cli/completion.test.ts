import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { vicinity } from './support/call.ts';
import { screen, snapshot } from './support/screens.ts';

/** What bash offers after these words. */
function offered(script: string, words: string[]): string[] {
  const program = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_vicinity; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', program], { encoding: 'utf8' }).trim().split('\n');
}

test('bash completes commands and their options', async () => {
  const { code, stdout } = await vicinity(['completion', 'bash']);
  assert.equal(code, 0);
  assert.deepEqual(offered(stdout, ['vicinity', 'ru']), ['run']);
  assert.deepEqual(offered(stdout, ['vicinity', 'c']), ['check', 'cancel', 'compare', 'completion']);
  assert.deepEqual(offered(stdout, ['vicinity', 'pull', '--f']), ['--fan-out', '--force']);
  assert.deepEqual(offered(stdout, ['vicinity', 'deploy', 'p']), ['plan']);
  assert.deepEqual(offered(stdout, ['vicinity', 'schedule', '--cr']), ['--cron']);
});

for (const shell of ['bash', 'zsh', 'fish']) {
  test(`the whole script for ${shell}`, async (t) => {
    t.assert.fileSnapshot(await screen(['completion', shell]), ...snapshot(`completion-${shell}`));
  });
}

test('zsh and fish get scripts of their own, and another shell is refused', async () => {
  assert.match((await vicinity(['completion', 'zsh'])).stdout, /'tune:suggest WORKERS and a machine type'/);
  assert.match(
    (await vicinity(['completion', 'fish'])).stdout,
    /complete -c vicinity -n '__fish_seen_subcommand_from pull' -l fan-out -d 'copy the outputs/,
  );
  const { code, stderr } = await vicinity(['completion', 'csh']);
  assert.equal(code, 2);
  assert.match(stderr, /Allowed choices are bash, zsh, fish\./);
});
