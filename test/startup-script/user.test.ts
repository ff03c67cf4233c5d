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
RUN_DIR='${directory}' TOOLS='${TOOLS}' PYTHON='${PYTHON}' PHASE=source SERIAL_LOG=/dev/null MAX_SECONDS=600
touch "$RUN_DIR/startup_detail.log"`;
  const { status, stdout, stderr } = await runFunctions(`${prepare}\n${code}`, {
    VICINITY_WORK_DIR: '/disk',
    HOME: '/root',
    PATH: `${join(directory, 'bin')}:/usr/bin:/bin`,
  });
  const file = join(directory, 'calls');
  const made = existsSync(file) ? readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ').trim() : '';
  return { status, stdout: stdout.trim(), stderr, made, directory };
}

const ASKED = ['169.254.169.254', '[fd20:ce::254]']
  .flatMap((host) => [80, 443, 8080].map((port) => `${host}:${port}`))
  .map((host) => `curl -q --silent --globoff --noproxy * --max-time 5 --output /dev/null http://${host}/`)
  .join(' ');
/** The metadata server refuses connections of the job. */
const REFUSED = { curl: 'exit 7' };
const DONE = { install: '', chmod: '', useradd: '', find: '', setpriv: '', env: '' };

/** A user that does not exist before it is created. */
const NEW_USER = { ...DONE, id: 'case $1 in -u | -g) echo 990 ;; *) exit 1 ;; esac' };

test('the job gets a user without rights, and its environment only behind the change of user', async (t) => {
  const code = `become_job_user; RUST=1.90.0; touch "$RUN_DIR/venv.is.ready"; set_as_job
printf '%s\\n' "\${AS_JOB[@]}"; echo "$PATH $HOME $JOB_RUNS_AS $JOB_OWNER"`;
  const { status, stdout, made, directory } = await calls(t, code, NEW_USER);
  assert.equal(status, 0);
  const bin = join(directory, 'bin');
  assert.deepEqual(stdout.split('\n'), [
    join(bin, 'setpriv'),
    '--reuid=vicinity-job',
    '--regid=vicinity-job',
    '--clear-groups',
    '--no-new-privs',
    '--',
    join(bin, 'env'),
    ...['RUN_SPEC', 'WAVE', 'MAKEFLAGS', 'MAKELEVEL', 'MFLAGS'].flatMap((name) => ['-u', name]),
    `PATH=/disk/venv/bin:/disk/home/.cargo/bin:${bin}:/usr/bin:/bin`,
    'HOME=/disk/home',
    'USER=vicinity-job',
    'LOGNAME=vicinity-job',
    'RUSTUP_TOOLCHAIN=1.90.0',
    'VIRTUAL_ENV=/disk/venv',
    `${bin}:/usr/bin:/bin /root vicinity-job 990:990`,
  ]);
  assert.match(
    made,
    /useradd --system --user-group --home-dir \/disk\/home --shell \/usr\/sbin\/nologin vicinity-job/,
  );
  assert.match(made, /find \/tmp \/var\/tmp -xdev -user vicinity-job -delete/);
});

test('its directories start empty and belong to it', async (t) => {
  const code = 'become_job_user; make_for_job "$SRC" "$JOB_HOME"';
  const { made } = await calls(t, code, NEW_USER);
  assert.match(made, /install -d -o vicinity-job -g vicinity-job -m 755 \/disk\/src \/disk\/home$/);
});

test('the user is created once', async (t) => {
  const { made } = await calls(t, 'become_job_user', { ...NEW_USER, id: 'echo 990' });
  assert.doesNotMatch(made, /useradd/);
});

test('the metadata server is closed to it by nft, where there is one; its name server is not', async (t) => {
  const { stdout, made } = await calls(t, 'close_metadata_server; echo "$METADATA_IS"', {
    nft: '',
    ...REFUSED,
  });
  assert.equal(
    stdout,
    '[vicinity] the job runs as vicinity-job, to whom the metadata server is closed\nclosed',
  );
  assert.equal(
    made,
    'nft add table inet vicinity delete table inet vicinity table inet vicinity { ' +
      'chain output { type filter hook output priority 0; ' +
      'ip daddr 169.254.169.254 meta skuid "vicinity-job" tcp dport != 53 reject ' +
      'ip6 daddr fd20:ce::254 meta skuid "vicinity-job" tcp dport != 53 reject } } ' +
      ASKED,
  );
});

test('by iptables otherwise, for IPv6 too where that is there, once', async (t) => {
  const rule = (address: string) =>
    `OUTPUT -p tcp -d ${address} ! --dport 53 -m owner --uid-owner vicinity-job -j REJECT`;
  const [rule4, rule6] = [rule('169.254.169.254'), rule('fd20:ce::254')];
  const close = 'close_metadata_server; echo "$METADATA_IS"';
  const commands = { nft: 'exit 1', ...REFUSED };
  const fresh = await calls(t, close, { ...commands, iptables: '[[ $2 != -C ]]', ip6tables: 'exit 1' });
  assert.equal(
    fresh.made.slice(fresh.made.indexOf('iptables')),
    `iptables -w -C ${rule4} iptables -w -I ${rule4} ip6tables -w -C ${rule6} ip6tables -w -I ${rule6} ${ASKED}`,
  );
  assert.match(fresh.stdout, /\nclosed$/);
  const again = await calls(t, close, { ...commands, iptables: '' });
  assert.ok(again.made.endsWith(`} iptables -w -C ${rule4} ${ASKED}`), again.made);
});

const FAILURES: [string, Record<string, string>][] = [
  ['neither is there', {}],
  ['both refuse', { nft: 'exit 1', iptables: 'exit 1' }],
  ['the rule has no effect', { nft: '', curl: '' }],
];
for (const [what, commands] of FAILURES)
  test(`where ${what}, that is said, and it does not count as closed`, async (t) => {
    const { stdout } = await calls(t, 'close_metadata_server; echo "$METADATA_IS"', commands);
    assert.equal(
      stdout,
      '[vicinity] the job runs as vicinity-job; the metadata server cannot be closed to it: nft and iptables are ' +
        "missing, refuse or have no effect, and startup_detail.log says why. It can get tokens of the VM's service " +
        'account. Use an image that has nftables.\nopen',
    );
  });
