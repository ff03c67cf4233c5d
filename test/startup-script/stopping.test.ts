import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PYTHON, run, TOOLS } from './fixture/tool.ts';

const directory = mkdtempSync(join(tmpdir(), 'vicinity-stopping-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const WATCHED = `trap 'echo told; exit 3' TERM; '${PYTHON}' -BS '${TOOLS}stopping.py' & wait; echo alone`;

/** A systemctl that answers one state after the other. */
function systemctl(...states: string[]): void {
  const count = join(directory, 'count');
  writeFileSync(count, '');
  const lines = ['#!/bin/bash', `echo >>'${count}'`, `states=(${states.join(' ')})`];
  writeFileSync(
    join(directory, 'systemctl'),
    [...lines, `echo "\${states[$(wc -l <'${count}') - 1]}"`].join('\n'),
  );
  chmodSync(join(directory, 'systemctl'), 0o755);
}

test('the script is notified as soon as the system shuts down', async () => {
  systemctl('running', 'stopping');
  const result = await run('bash', ['-c', WATCHED], { PATH: `${directory}:${process.env.PATH}` });
  assert.deepEqual(result, { status: 3, stdout: 'told\n', stderr: '' });
});

test('a systemd that does not answer in time does not stop', async () => {
  writeFileSync(join(directory, 'systemctl'), '#!/bin/bash\nexec sleep 60\n');
  const code = `import sys; sys.path.insert(0, ${JSON.stringify(TOOLS)})
import stopping; stopping.ANSWER_SECONDS = 0.2; print(stopping.system_state())`;
  const env = { PATH: `${directory}:${process.env.PATH}` };
  assert.deepEqual(await run(PYTHON, ['-BS', '-c', code], env), {
    status: 0,
    stdout: 'running\n',
    stderr: '',
  });
});

test('where systemd does not run, the script is left alone', async () => {
  systemctl('offline', 'stopping');
  const result = await run('bash', ['-c', WATCHED], { PATH: `${directory}:${process.env.PATH}` });
  assert.deepEqual(result, { status: 0, stdout: 'alone\n', stderr: '' });
});
