import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sweepNspawnLeftovers } from '../../../vm/nspawn/leftovers.ts';
import { until } from '../../support/until.ts';
import { BootedMachine } from './booted-machine.ts';
import { withoutNspawn } from './without-nspawn.ts';

const skip = withoutNspawn;

describe('a machine in nspawn mode', { skip, concurrency: 2 }, () => {
  test('Google’s script runner fetches the script; it finds its metadata and services, and no way out', async () => {
    process.env.SECRET_OF_THE_HOST = 'hunter2';
    await using machine = new BootedMachine();
    const vm = await machine.boot(`
      hostname; id -un; systemctl --version | head -c 7; echo
      curl -sS -H Metadata-Flavor:Google http://metadata.google.internal/computeMetadata/v1/instance/attributes/TARGET; echo
      echo "$STORAGE_EMULATOR_HOST" "[$SECRET_OF_THE_HOST]"
      for host in 10.128.0.1:22 192.0.2.1:80; do
        curl -sS --noproxy '*' --max-time 2 "http://$host" >/dev/null 2>&1 || echo "no way to $host"
      done
      df --output=size -BM / | tail -n 1
      poweroff`);
    assert.equal(await vm.off, 'guest');
    const [host, user, systemd, target, environment, ...more] = machine.printed();
    assert.deepEqual(
      [host, user, systemd, target, environment],
      ['machine', 'root', 'systemd', 'all', 'http://10.128.0.1:1 []'],
    );
    assert.deepEqual(more.slice(0, 2), ['no way to 10.128.0.1:22', 'no way to 192.0.2.1:80']);
    const size = Number.parseInt(more[2] ?? '', 10);
    assert.ok(size > 400 && size < 512, `the disk has ${size} MB`);
    assert.deepEqual(machine.traces(), []);
  });

  test('the disk outlives a boot and a power loss; a fresh one is empty', async () => {
    await using machine = new BootedMachine();
    const look = 'ls /kept* | wc -l; touch /kept.$RANDOM$RANDOM; sync';
    assert.equal(await (await machine.boot(`${look}; poweroff`)).off, 'guest');
    const vm = await machine.boot(`${look}; echo ready; sleep 1000`);
    await machine.shows('ready');
    await vm.kill();
    assert.equal(await vm.off, 'host');
    assert.deepEqual(machine.traces(), []);
    await (await machine.boot(`${look}; poweroff`)).off;
    await machine.close();
    await (await machine.boot(`${look}; poweroff`, { freshDisk: true })).off;
    assert.deepEqual(
      machine.printed().filter((line) => /^\d+$/.test(line)),
      ['0', '1', '2', '0'],
    );
  });

  test('a reboot is no power-off', async () => {
    await using machine = new BootedMachine();
    // The bus may be gone before it has answered `reboot`, which then complains.
    const once = '[ -e /again ] && { echo back; poweroff; } || { touch /again; reboot 2>/dev/null; }';
    const vm = await machine.boot(once);
    assert.equal(await vm.off, 'guest');
    assert.deepEqual(machine.printed(), ['back']);
  });

  test('a shutdown gives services their time, and cuts the power when the window is over', async () => {
    await using machine = new BootedMachine();
    // On the disk: the console is hung up when its login prompt ends, at any moment of a shutdown.
    const saves = `bash -c 'trap "touch /saved; exit" TERM; while :; do sleep 0.1; done'`;
    const first = await machine.boot(`systemd-run ${saves}; sleep 1; echo ready`);
    await machine.shows('ready');
    await first.shutDown(90_000);
    assert.equal(await first.off, 'host');

    const stays = `bash -c 'trap "" TERM; while :; do sleep 1; done'`;
    const second = await machine.boot(
      `ls /saved; systemd-run --property=TimeoutStopSec=900 ${stays}; sleep 1; echo 'ready again'`,
    );
    await machine.shows('ready again');
    assert.ok(machine.printed().includes('/saved'), machine.printed().join('\n'));
    const down = second.shutDown(30_000);
    assert.equal(await Promise.race([down.then(() => 'off'), sleep(2000, 'on')]), 'on');
    machine.clock.advance(30_000);
    await down;
    assert.match(machine.console(), /\[local\] the shutdown window of 30 s is over: the power is cut\n/);
    assert.deepEqual(machine.traces(), []);
  });

  test('two machines do not disturb each other', async () => {
    await using machine = new BootedMachine();
    const other = await machine.boot('echo ready; sleep 1000', { name: 'other' });
    await machine.shows('ready', 'other');
    assert.equal(await (await machine.boot('poweroff')).off, 'guest');
    assert.equal(await Promise.race([other.off, sleep(500, 'on')]), 'on');
    await other.kill();
  });

  test('a local cloud that is killed takes its machine with it, and the next one removes the rest', async () => {
    const child = spawn(process.execPath, [new URL('boot-and-hang.ts', import.meta.url).pathname], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [directory] = (await once(createInterface(child.stdout), 'line')) as [string];
    const machine = new BootedMachine(directory);
    assert.ok(
      machine.traces().some((trace) => /^\d+$/.test(trace)),
      'it runs',
    );
    child.kill('SIGKILL');
    await until(() => !machine.traces().some((trace) => /^\d+$/.test(trace)));
    assert.match(machine.traces().join('\n'), /netns/);
    await sweepNspawnLeftovers(directory);
    assert.deepEqual(machine.traces(), []);
    rmSync(directory, { recursive: true });
  });
});
