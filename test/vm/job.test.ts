import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { suiteScope } from '../startup-script/fixture/machine.ts';
import { type Machine, onlyWithNspawn, startMachine } from './fixture/machine.ts';

/** The Makefile of a job with these lines; `out/x` is there when they begin. */
function job(...lines: string[]): Record<string, string> {
  return { Makefile: ['all:', 'mkdir -p out && echo partial >out/x && echo begun', ...lines].join('\n\t@') };
}

describe('what a job does to its machine', onlyWithNspawn, () => {
  let machine: Machine;
  const scope = suiteScope();
  before(async () => {
    machine = await startMachine(scope, { memoryMib: 400, diskMib: 700 });
  });

  test('memory that runs out ends the job alone, and is named', async () => {
    await machine.submit(job(`python3 -c 'x = b"x" * (600 << 20)'`));
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual(
      [by, outcome?.outcome, outcome?.exitCode, outcome?.phase],
      ['guest', 'failed', 2, 'make'],
      console,
    );
    assert.equal(
      outcome?.reason,
      'make all failed with exit code 2: memory ran out, and the kernel killed 1 of its processes. ' +
        'Use fewer WORKERS (now 1) or a machine with more memory. make: *** [Makefile:3: all] Killed. ' +
        'The line before: begun',
    );
    assert.equal(await machine.result('out/x'), 'partial\n');
  });

  test('a disk that fills up is named, leaves room for the report, and is free again for the next run', async () => {
    await machine.submit(job('head -c 900M /dev/zero >tmp.big'));
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual(
      [by, outcome?.outcome, outcome?.exitCode, outcome?.phase],
      ['guest', 'failed', 2, 'make'],
      console,
    );
    assert.equal(
      outcome?.reason,
      'make all failed with exit code 2: the disk is full. Give the VM a larger disk, or let the job write less. ' +
        "make: *** [Makefile:3: all] Error 1. The line before: head: error writing 'standard output': No space left on device",
    );
    assert.match((await machine.result('startup_error.txt')) ?? '', /No space left on device/);
    assert.equal(await machine.result('out/x'), 'partial\n');

    await machine.submit(job());
    const next = await machine.boot();
    assert.equal((await machine.outcome())?.outcome, 'succeeded', next.console);
  });

  test('whatever it prints neither breaks the console nor is lost', async () => {
    await machine.submit(
      job(
        "head -c 1000000 /dev/zero | tr '\\0' x",
        `i=0; while [ $$i -lt 50000 ]; do printf '%d%%\\r' $$i; i=$$((i+1)); done`,
        `printf 'caf\\351 \\0 \\033[31mred\\033[0m\\n'`,
        'echo "[warn] one" >/dev/stderr; echo "worker [ERROR] two" >/dev/stdout',
        "printf 'no line end'",
      ),
    );
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual(
      [by, outcome?.outcome, outcome?.warnings, outcome?.errors],
      ['guest', 'succeeded', 1, 1],
      console,
    );
    const log = (await machine.result('build.log')) ?? '';
    assert.ok(
      log.includes('x'.repeat(1_000_000)) && log.includes('\r49999%\r') && log.includes('\nno line end'),
    );
    const shown = (await machine.result('serial.log')) ?? '';
    assert.ok(shown.includes('\ncaf\\xe9 \\x00 red\n'), 'printable whatever the encoding');
    assert.ok(shown.includes('\nno line endmake: Leaving'));
    assert.ok(shown.split('\n').every((line) => Buffer.byteLength(line) <= 1000));
    assert.ok(console.includes('startup-script: no line endmake: Leaving'));
  });

  const STAYS = {
    Makefile: `all:
	@sleep 900 & setsid sleep 900 & nohup setsid sh -c "trap : TERM; sleep 900; sleep 900" & mkdir -p out
	@setsid sh -c 'while :; do head -c 3000000 /dev/urandom >out/moving; sleep 0.05; done' >/dev/null 2>&1 &
	@f() { echo x >>out/chain; sleep 0.02; f & }; f >/dev/null 2>&1
	@sleep 1; echo partial >out/x
`,
  };
  for (const runAs of ['user', 'root'])
    test(`what it leaves running as ${runAs}, in whatever session, ends with it, before the upload`, async () => {
      await machine.submit(STAYS, { spec: { runAs } });
      const { by, console } = await machine.boot();
      const outcome = await machine.outcome();
      assert.deepEqual([by, outcome?.outcome, outcome?.reason], ['guest', 'succeeded', undefined], console);
      assert.deepEqual(
        outcome?.outputs.map(({ objects }) => objects),
        [3],
      );
    });

  test('a job that ignores SIGTERM is killed at its limit', async () => {
    await machine.submit(job("trap '' TERM; while :; do sleep 1; done"), { spec: { maxSeconds: 6 } });
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual([by, outcome?.exitCode, outcome?.phase], ['guest', 124, 'make'], console);
    assert.equal(
      outcome?.reason,
      'make all was stopped at the limit of 6 s (maxDuration). What it had made by then is uploaded.',
    );
    assert.equal(await machine.result('out/x'), 'partial\n');
  });

  test('a make that is killed, by whomever, is a failed run', async () => {
    await machine.submit(job('kill -KILL $$PPID; sleep 60'));
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual([by, outcome?.exitCode, outcome?.phase], ['guest', 137, 'make'], console);
    assert.match(outcome?.reason ?? '', /^make all was killed \(exit code 137, signal 9\)/);
  });

  test('without rights it can neither switch the machine off, nor kill what reports it, nor get a token', async () => {
    const token =
      'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token';
    await machine.submit(
      job(
        'shutdown -P now && echo off; reboot && echo rebooted; systemctl poweroff && echo off; true',
        `curl --silent --noproxy '*' --max-time 5 -H Metadata-Flavor:Google ${token} && echo stolen; true`,
        'kill -KILL -1; sleep 60',
      ),
    );
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual([by, outcome?.exitCode, outcome?.phase], ['guest', 137, 'make'], console);
    assert.doesNotMatch((await machine.result('build.log')) ?? '', /^(off|rebooted|stolen)$/m);
    assert.match(console, /the job runs as vicinity-job, to whom the metadata server is closed/);
  });

  test('no TCP port of the metadata server but DNS is open to it, by IPv6 either', async () => {
    // Stands in for a metadata server by IPv6, which nspawn mode has none of; root's script starts it outside the run.
    const script = `#!/bin/bash
ip address add fd20:ce::254/128 dev lo
for port in 53 8080; do
  systemd-run --quiet python3 -m http.server --bind fd20:ce::254 --directory /usr/share/doc $port
done
for try in {1..50}; do curl -gsf --noproxy '*' -o /dev/null 'http://[fd20:ce::254]:8080/' && exit; sleep 0.1; done
exit 1
`;
    const ask = (url: string) =>
      `curl --silent --globoff --noproxy '*' --max-time 5 --output /dev/null ${url}; echo "${url} $$?"`;
    const urls = ['http://[fd20:ce::254]:8080/', 'http://[fd20:ce::254]:53/', 'http://169.254.169.254/'];
    await machine.submit(
      { ...job(...urls.map(ask)), 'provision.sh': script },
      { spec: { provision: { apt: ['make'], script: 'provision.sh' } } },
    );
    const { console } = await machine.boot();
    assert.equal((await machine.outcome())?.outcome, 'succeeded', console);
    const log = (await machine.result('build.log')) ?? '';
    for (const [index, status] of [7, 0, 7].entries())
      assert.ok(log.includes(`${urls[index]} ${status}\n`), log);
  });

  const TOKEN_FROM =
    'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token';
  const ASK_FOR_TOKEN = `curl --silent --noproxy '*' --max-time 5 -H Metadata-Flavor:Google ${TOKEN_FROM} | grep -o access_token; true`;
  const FIREWALLS: [string, string[], 'open' | 'closed'][] = [
    [
      'with iptables alone',
      ['apt-get update', 'apt-get install -y iptables', 'mv /usr/sbin/nft /root/'],
      'closed',
    ],
    ['without any packet filter', ['rm -f /usr/sbin/*tables*'], 'open'],
    [
      'with one that refuses',
      ["printf '#!/bin/sh\\necho refused >&2; exit 1\\n' >/usr/sbin/nft; chmod 755 /usr/sbin/nft"],
      'open',
    ],
  ];
  for (const [what, lines, metadataServer] of FIREWALLS)
    test(`${what} the metadata server is ${metadataServer} to the job, and the outcome says so`, async () => {
      await machine.prepare(...lines);
      await machine.submit(job(ASK_FOR_TOKEN));
      const { by, console } = await machine.boot();
      const outcome = await machine.outcome();
      assert.deepEqual([by, outcome?.outcome], ['guest', 'succeeded'], console);
      assert.deepEqual(outcome?.job, { user: 'vicinity-job', metadataServer });
      const log = (await machine.result('build.log')) ?? '';
      assert.equal(/^access_token$/m.test(log), metadataServer === 'open');
      assert.equal(console.includes('the metadata server cannot be closed to it'), metadataServer === 'open');
    });

  const AS_ROOT = { spec: { runAs: 'root' } };

  test('as root it may kill everything, the startup script with it: the machine goes off all the same', async () => {
    await machine.submit(job('sleep 2; kill -KILL -1; sleep 60'), AS_ROOT);
    const { by, console } = await machine.boot();
    assert.equal(by, 'guest');
    assert.match(console, /\[vicinity\] The startup script was killed: powering off\.\n/);
    assert.deepEqual([await machine.outcome(), (await machine.claim())?.by], [undefined, 'vm']);
    assert.match((await machine.result('build.log')) ?? '', /begun\n/);
  });

  test('a machine on hold stays on, even if its startup script is killed', async () => {
    const metadata = { VICINITY_HOLD: 'debugging' };
    await machine.submit(job('pkill -KILL -f /metadata-scripts; sleep 60'), { ...AS_ROOT, metadata });
    const vm = await machine.start();
    await machine.shows('Finished running startup scripts');
    assert.equal(await Promise.race([vm.off, sleep(5000, 'on')]), 'on');
    await vm.kill();
  });

  for (const [command, refusals] of [
    ['shutdown -P now', 0],
    ['reboot', 1],
  ] as const)
    test(`as root it may say ${command}: the run ends as if it were stopped from outside`, async () => {
      await machine.submit(job(`${command}; sleep 60`), AS_ROOT);
      const { by, console } = await machine.boot();
      assert.equal(by, 'guest');
      assert.deepEqual([await machine.outcome(), (await machine.claim())?.by], [undefined, 'vm']);
      assert.match((await machine.result('build.log')) ?? '', /begun\n/);
      assert.equal(await machine.result('out/x'), 'partial\n');
      const refused = console.match(/is not this boot's: taken by boot .* Nothing is done\./g) ?? [];
      assert.equal(refused.length, refusals);
    });
});
