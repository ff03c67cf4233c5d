import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withoutProgram } from '../../local/test/support/without-program.ts';
import { bundleStartupScript } from '../../startup-script/bundle.ts';
import { run, TOOLS } from './fixture/tool.ts';

const tree = fileURLToPath(new URL('../../startup-script/', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'vicinity-bundle-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const bundle = join(directory, 'startup-script');
writeFileSync(bundle, bundleStartupScript());
const shellFiles = ['startup.sh', ...readdirSync(join(tree, 'lib')).map((name) => `lib/${name}`)];

test('the bundle is one file that a metadata value can hold, and begins as Google’s script runner needs it', () => {
  const text = readFileSync(bundle, 'utf8');
  assert.deepEqual(text.split('\n').slice(0, 2), ['#!/bin/bash', "trap '' PIPE"]);
  assert.ok(Buffer.byteLength(text) < 200_000);
  assert.equal(text.includes('VICINITY_TREE'), false);
});

test('the fixed PATH, the trap and the timer come before every other command', () => {
  const commands = readFileSync(bundle, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.deepEqual(commands.slice(0, 8), [
    "trap '' PIPE",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is bash.
    'if [[ -z ${VICINITY_WORK_DIR:-} ]]; then',
    '  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'fi',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is bash.
    'if ! (return 0 2>/dev/null) && [[ ${VICINITY_ENGINE:-} != batch ]]; then',
    "  trap 'shutdown -P now' EXIT",
    '  shutdown -P +60 >/dev/null 2>&1',
    'fi',
  ]);
});

test('the bundle writes exactly the programs of tools/', async () => {
  const result = await run('bash', ['-c', `source '${bundle}'; install_tools '${directory}'`]);
  assert.deepEqual(result, { status: 0, stdout: '', stderr: '' });
  const tools = readdirSync(TOOLS).filter((name) => name.endsWith('.py'));
  assert.ok(tools.length > 10);
  for (const name of tools) {
    assert.equal(readFileSync(join(directory, name), 'utf8'), readFileSync(join(TOOLS, name), 'utf8'));
  }
});

test('an old bash gets an explanation, and the VM still powers off', async () => {
  const old = readFileSync(bundle, 'utf8').replace('BASH_VERSINFO[0] < 5', '3 < 5');
  writeFileSync(join(directory, 'old'), old);
  writeFileSync(join(directory, 'shutdown'), '#!/bin/bash\necho "shutdown $*"\n', { mode: 0o755 });
  const result = await run('bash', [join(directory, 'old')], {
    PATH: `${directory}:${process.env.PATH}`,
    VICINITY_WORK_DIR: directory,
  });
  assert.equal(result.status, 1);
  assert.match(
    result.stdout,
    /needs bash 5 or newer, and this is bash \S+\. On macOS: brew install bash\nshutdown -P now\n$/,
  );
});

test('shellcheck finds nothing', { skip: withoutProgram('shellcheck') }, async () => {
  const sources = await run(
    'shellcheck',
    shellFiles.map((name) => join(tree, name)),
  );
  assert.deepEqual(sources, { status: 0, stdout: '', stderr: '' });
  const whole = await run('shellcheck', ['-e', 'SC2034,SC2154', bundle]);
  assert.deepEqual(whole, { status: 0, stdout: '', stderr: '' });
});

test('shfmt would change nothing', { skip: withoutProgram('shfmt') }, async () => {
  const files = shellFiles.map((name) => join(tree, name));
  const result = await run('shfmt', ['-i', '2', '-ci', '-bn', '-d', ...files]);
  assert.deepEqual(result, { status: 0, stdout: '', stderr: '' });
});
