import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { QUICK, suiteScope } from '../startup-script/fixture/machine.ts';
import { until } from '../startup-script/fixture/until.ts';
import { type Machine, onlyWithNspawn, startMachine } from './fixture/machine.ts';

/** A service that holds dpkg's lock for its first seconds, as the image's own updates do. */
const LOCK_HOLDER = `[Unit]
Before=google-startup-scripts.service
[Service]
ExecStart=/usr/bin/python3 -c "import fcntl, time; lock = open('/var/lib/dpkg/lock-frontend', 'w'); fcntl.lockf(lock, fcntl.LOCK_EX); time.sleep(8)"
[Install]
WantedBy=multi-user.target`;

describe('packages on a Debian', onlyWithNspawn, () => {
  let machine: Machine;
  const scope = suiteScope();
  before(async () => {
    machine = await startMachine(scope);
  });

  const WITH_VENV = { apt: ['make', 'python3-venv'], pythonRequirements: 'requirements.txt' };

  test('a power loss while packages are installed is repaired by the next attempt', async () => {
    await machine.submit(QUICK, { spec: { provision: { apt: ['make', 'python3-venv'] } } });
    const vm = await machine.start();
    await until(() => machine.isIn('apt'), 60);
    await vm.kill();
    assert.deepEqual([await machine.outcome(), (await machine.claim())?.by], [undefined, 'vm']);

    await machine.submit(QUICK, { spec: { provision: { apt: ['make', 'python3-venv'] } } });
    const { by, console } = await machine.boot();
    assert.deepEqual([by, (await machine.outcome())?.outcome], ['guest', 'succeeded'], console);
  });

  test('an interrupted dpkg, corrupt package lists and a held lock are repaired', async () => {
    await machine.prepare(
      'apt-get update && cd /root && apt-get download patch && dpkg --unpack patch_*.deb',
      // dpkg's journal of a change that was cut short.
      'touch /var/lib/dpkg/updates/0001',
      'for list in /var/lib/apt/lists/*Packages*; do head -c 4096 /dev/urandom >"$list"; done',
      `cat >/etc/systemd/system/lock-holder.service <<'END'\n${LOCK_HOLDER}\nEND`,
      'systemctl enable lock-holder',
    );
    await machine.submit(QUICK, { spec: { provision: { apt: ['make', 'python3-venv', 'patch', 'tree'] } } });
    const { by, console } = await machine.boot();
    assert.deepEqual([by, (await machine.outcome())?.outcome], ['guest', 'succeeded'], console);
    const detail = (await machine.result('startup_detail.log')) ?? '';
    assert.match(detail, /Waiting for cache lock|Could not get lock/);
    assert.match(detail, /\$ dpkg --configure -a\n(.*\n)*Setting up patch/);
    await machine.prepare('systemctl disable lock-holder');
  });

  test('a package that does not exist is named', async () => {
    await machine.submit(QUICK, { spec: { provision: { apt: ['make', 'no-such-package'] } } });
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual([by, outcome?.exitCode, outcome?.phase], ['guest', 100, 'apt'], console);
    assert.equal(
      outcome?.reason,
      'The packages make no-such-package cannot be installed: E: Unable to locate package no-such-package',
    );
  });

  test('requirements that cannot be met are named; a power loss while pip works is repaired', async () => {
    // Nothing answers there, and pip tries again for a while.
    const unreachable = '--index-url http://127.0.0.1:9\nno-such-package==1.0\n';
    await machine.submit({ ...QUICK, 'requirements.txt': unreachable }, { spec: { provision: WITH_VENV } });
    const vm = await machine.start();
    await until(() => machine.isIn('python'), 60);
    await vm.kill();
    assert.equal(await machine.outcome(), undefined);

    const files = { ...QUICK, 'requirements.txt': '--no-index\nno-such-package==1.0\n' };
    await machine.submit(files, { spec: { provision: WITH_VENV } });
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual([by, outcome?.exitCode, outcome?.phase], ['guest', 1, 'python'], console);
    assert.equal(
      outcome?.reason,
      'pip cannot install requirements.txt: ERROR: Could not find a version that satisfies the requirement ' +
        'no-such-package==1.0 (from versions: none); ERROR: No matching distribution found for no-such-package==1.0',
    );
    assert.match((await machine.result('startup_error.txt')) ?? '', /no-such-package/);
  });
});
