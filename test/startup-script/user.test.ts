import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PYTHON, runFunctions, TOOLS } from './fixture/tool.ts';

/** Runs functions of the script where these commands do nothing but note that they were called. */
async function calls(t: TestContext, code: string, commands: Record<string, string>) {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-user-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'bin'));
  for (const [name, body] of Object.entries(commands)) {
    const file = join(directory, 'bin', name);
    writeFileSync(file, `#!/bin/bash\necho "${name} $*" >>'${directory}/calls'\n${body}\n`);
    chmodSync(file, 0o755);
  }
  const prepare = `set -Eeuo pipefail
RUN_DIR='${directory}' TOOLS='${TOOLS}' PYTHON='${PYTHON}' PHASE=source SERIAL_LOG=/dev/null
touch "$RUN_DIR/startup_detail.log"`;
  const { status, stdout, stderr } = await runFunctions(`${prepare}\n${code}`, {
    VICINITY_WORK_DIR: '/disk',
    PATH: `${join(directory, 'bin')}:/usr/bin:/bin`,
  });
  const file = join(directory, 'calls');
  const made = existsSync(file) ? readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ').trim() : '';
  return { status, stdout: stdout.trim(), stderr, made };
}

const DONE = { install: '', chmod: '', useradd: '' };

test('the job gets a user without rights, whose commands keep none', async (t) => {
  const code = `become_job_user; echo "\${AS_JOB[*]}"; use_job_home; echo "$HOME $USER"; echo "$JOB_RUNS_AS"`;
  const { status, stdout, made } = await calls(t, code, { ...DONE, id: 'exit 1' });
  assert.equal(status, 0);
  assert.equal(
    stdout,
    `setpriv --reuid=vicinity-job --regid=vicinity-job --clear-groups --no-new-privs --
/disk/home vicinity-job
vicinity-job`,
  );
  assert.match(
    made,
    /useradd --system --user-group --home-dir \/disk\/home --shell \/usr\/sbin\/nologin vicinity-job/,
  );
  assert.match(made, /install -d -o vicinity-job -g vicinity-job -m 755 \/disk\/home \/disk\/src/);
});

test('the user is made once', async (t) => {
  const { made } = await calls(t, 'become_job_user', { ...DONE, id: '' });
  assert.doesNotMatch(made, /useradd/);
});

test('the metadata server is closed to it by nft, where there is one; its name server is not', async (t) => {
  const { stdout, made } = await calls(t, 'close_metadata_server; echo "$METADATA_IS"', { nft: '' });
  assert.equal(
    stdout,
    '[vicinity] the job runs as vicinity-job, to whom the metadata server is closed\nclosed',
  );
  assert.equal(
    made,
    'nft add table inet vicinity delete table inet vicinity table inet vicinity { ' +
      'chain output { type filter hook output priority 0; ' +
      'ip daddr 169.254.169.254 meta skuid "vicinity-job" tcp dport 80 reject ' +
      'ip6 daddr fd20:ce::254 meta skuid "vicinity-job" tcp dport 80 reject } }',
  );
});

test('by iptables otherwise, once', async (t) => {
  const rule = 'OUTPUT -p tcp -d 169.254.169.254 --dport 80 -m owner --uid-owner vicinity-job -j REJECT';
  const fresh = await calls(t, 'close_metadata_server', { nft: 'exit 1', iptables: '[[ $2 != -C ]]' });
  assert.ok(fresh.made.endsWith(`iptables -w -C ${rule} iptables -w -I ${rule}`), fresh.made);
  const again = await calls(t, 'close_metadata_server', { nft: 'exit 1', iptables: '' });
  assert.ok(again.made.endsWith(`iptables -w -C ${rule}`), again.made);
});

test('where neither is there, that is said', async (t) => {
  const { stdout } = await calls(t, 'close_metadata_server; echo "$METADATA_IS"', {});
  assert.equal(
    stdout,
    '[vicinity] the job runs as vicinity-job; the metadata server cannot be closed to it: nft and iptables are missing or refuse, and startup_detail.log says why\nopen',
  );
});
