import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as realSleep } from 'node:timers/promises';
import { ProcessMachine } from './process-machine.ts';
import { Programs } from './programs.ts';

const PROCESS_MODE =
  '[local] process mode: the startup script runs on this computer with its own programs; no machine is emulated\n';
const onlyLinux = { skip: process.platform !== 'linux' && 'skipped, because only Linux shows environments' };

test('the startup script runs with its console on the serial port, and the machine stays on', async () => {
  await using machine = new ProcessMachine();
  const vm = await machine.boot('echo out; echo err >&2; nproc; exit 3');
  const console = await machine.shows('exit status');
  assert.equal(console, `${PROCESS_MODE}out\nerr\n${availableParallelism()}\nstartup-script exit status 3\n`);
  assert.equal(await Promise.race([vm.off, realSleep(100, 'on')]), 'on');
});

test('a machine without a startup script is on, and says so', async () => {
  await using machine = new ProcessMachine();
  await machine.boot('');
  assert.equal(await machine.shows('No startup'), `${PROCESS_MODE}No startup scripts to run.\n`);
});

test('the script finds its disk, its endpoints and its metadata, and nothing of the host', async () => {
  process.env.SECRET_OF_THE_HOST = 'hunter2';
  await using machine = new ProcessMachine();
  machine.attributes = { TARGET: 'all' };
  await machine.boot(`
    [ "$PWD" = "$LOCAL_VM_DISK" ] && echo "in its directory"
    echo "$STORAGE_EMULATOR_HOST"
    for host in "$GCE_METADATA_HOST" metadata.google.internal 169.254.169.254; do
      curl -sS -H Metadata-Flavor:Google "http://$host/computeMetadata/v1/instance/attributes/TARGET"; echo
    done
    env | cut -d= -f1 | sort | tr '\\n' ' '`);
  const console = await machine.shows('exit status');
  delete process.env.SECRET_OF_THE_HOST;
  assert.equal(
    console,
    `${PROCESS_MODE}in its directory\nhttp://127.0.0.1:1\nall\nall\nall\nCLOUDSDK_CONFIG CURL_HOME GCE_METADATA_HOST ` +
      'GCE_METADATA_IP GCE_METADATA_ROOT HOME LANG ' +
      'LOCAL_VM_CONSOLE LOCAL_VM_CONSOLE_START LOCAL_VM_DISK LOCAL_VM_POWER PATH PWD SHLVL STORAGE_EMULATOR_HOST TMPDIR _ ' +
      'startup-script exit status 0\n',
  );
});

test('a computer without curl and make has stand-ins for them, and says so', async () => {
  await using programs = new Programs();
  await using machine = new ProcessMachine();
  machine.path = programs.without('curl', 'make');
  machine.attributes = { TARGET: 'all' };
  await machine.boot(`
    printf 'all:\\n\\t@echo made %s\\n' '$(PART)' >Makefile
    make all PART="of $(curl -sS -H Metadata-Flavor:Google \\
      http://metadata.google.internal/computeMetadata/v1/instance/attributes/TARGET)"`);
  const standIn = (name: string) =>
    `[local] this computer has no ${name}: a stand-in takes its place, which knows only the usual\n`;
  assert.equal(
    await machine.shows('exit status'),
    `${PROCESS_MODE}${standIn('curl')}${standIn('make')}made of all\nstartup-script exit status 0\n`,
  );
});

test('a computer without bash, or with the one of macOS, is told what it needs', async () => {
  await using programs = new Programs();
  await using machine = new ProcessMachine();
  machine.path = programs.without('bash');
  const needs = (found: string) => ({
    message: `A process-mode VM needs bash 5.0 or newer, but ${found}. Install it (on macOS: brew install bash) and try again.`,
  });
  await assert.rejects(machine.boot(''), needs('the search path has none'));
  programs.add('bash', "#!/bin/sh\necho '3.2.57(1)-release'\n");
  await assert.rejects(machine.boot(''), needs('the first one on the search path is 3.2.57(1)-release'));
});

test('a shutdown gives the script time to end its work', async () => {
  await using machine = new ProcessMachine();
  const vm = await machine.boot(`trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.05; done`);
  await machine.shows('ready');
  await vm.shutDown(30_000);
  assert.match(await machine.console(), /\nsaved\nstartup-script exit status 0\n$/);
  assert.equal(await vm.off, 'host');
  assert.deepEqual(await machine.processes(), []);
});

test('a script that ignores the shutdown loses its power when the window is over', async () => {
  await using machine = new ProcessMachine();
  const vm = await machine.boot(`trap '' TERM; echo ready; sleep 1000 & wait`);
  await machine.shows('ready');
  const down = vm.shutDown(30_000);
  assert.equal(await Promise.race([down.then(() => 'off'), realSleep(300, 'on')]), 'on');
  machine.clock.advance(30_000);
  await down;
  assert.match(await machine.console(), /\[local\] the shutdown window of 30 s is over: the power is cut\n$/);
  assert.deepEqual(await machine.processes(), []);
});

test('a power loss ends everything at once, also what has left the process group', onlyLinux, async () => {
  await using machine = new ProcessMachine();
  const vm = await machine.boot(`
    trap 'echo trapped' TERM EXIT
    (sleep 1000 & exec sleep 1000) &
    (setsid sleep 1000 &)
    setsid bash -c 'setsid sleep 1000 & sleep 1000' &
    echo ready; sleep 1000`);
  await machine.shows('ready');
  await realSleep(100);
  assert.ok((await machine.processes()).length > 5);
  await vm.kill();
  assert.deepEqual(await machine.processes(), []);
  assert.doesNotMatch(await machine.console(), /trapped/);
});

test('shutdown +N is enforced on cloud time, and can be cancelled and replaced', async () => {
  await using machine = new ProcessMachine();
  const vm = await machine.boot('shutdown -P +5; shutdown -c; shutdown -h +60 "bye"; echo ready; sleep 1000');
  const console = await machine.shows('ready');
  assert.match(
    console,
    /Shutdown scheduled for .* GMT, use 'shutdown -c' to cancel\.\nThe shutdown is cancelled\.\nShutdown scheduled/,
  );
  machine.clock.advance(59 * 60_000);
  assert.equal(await Promise.race([vm.off, realSleep(100, 'on')]), 'on');
  machine.clock.advance(61_000);
  assert.equal(await vm.off, 'guest');
});

for (const command of [
  'shutdown -P now',
  'shutdown -h now',
  'poweroff',
  'halt',
  'systemctl poweroff',
  'init 0',
])
  test(`${command} switches the machine off`, async () => {
    await using machine = new ProcessMachine();
    const vm = await machine.boot(`trap 'echo bye' EXIT; ${command}; exit`);
    assert.equal(await vm.off, 'guest');
    assert.match(await machine.console(), /The system will power off now\.\nbye\n/);
  });

test('a machine whose first process is killed is off', async () => {
  await using machine = new ProcessMachine();
  const vm = await machine.boot('kill -KILL $PPID; sleep 1000');
  assert.equal(await vm.off, 'guest');
  assert.deepEqual(await machine.processes(), []);
});

test('what process mode cannot do fails, and says so', async () => {
  await using machine = new ProcessMachine();
  const cases = [
    ['shutdown -r now', 1, 'shutdown: process mode cannot do -r; only -P, -h and -c work here'],
    ['shutdown 23:00', 1, /process mode knows no time of day such as 23:00/],
    ['reboot', 1, 'reboot: a process-mode VM cannot reboot itself; use gcloud compute instances reset'],
    [
      'systemctl start docker',
      1,
      'systemctl: process mode has no systemd; only poweroff and halt work here (asked: systemctl start docker)',
    ],
    ['journalctl -f', 1, 'journalctl: process mode does not know -f; it shows the console, and takes -n'],
    ['apt-get source make', 100, 'E: process mode cannot do apt-get source'],
    ['dpkg -i x.deb', 2, 'dpkg: process mode cannot do dpkg -i x.deb'],
  ] as const;
  await machine.boot(cases.map(([command]) => `${command}; echo "status $?"`).join('\n'));
  const [, ...lines] = (await machine.shows('exit status')).split('\n');
  for (const [index, [command, status, message]] of cases.entries()) {
    assert.match(lines[2 * index] ?? '', message instanceof RegExp ? message : literally(message), command);
    assert.equal(lines[2 * index + 1], `status ${status}`, command);
  }
});

test('apt-get succeeds only if the commands of each package are there', async () => {
  await using machine = new ProcessMachine();
  await machine.boot(`
    apt-get -o DPkg::Lock::Timeout=60 update -qq; echo "status $?"
    apt-get install -y --fix-broken; echo "status $?"
    apt-get install -y bash python3-venv; echo "status $?"
    apt-get install -y bash no-such-tool; echo "status $?"`);
  assert.equal(
    await machine.shows('exit status'),
    `${PROCESS_MODE}apt-get update: nothing to do in process mode\nstatus 0\nstatus 0\n` +
      'bash: its commands are on this computer (process mode installs nothing)\n' +
      'python3-venv: its commands are on this computer (process mode installs nothing)\nstatus 0\n' +
      'bash: its commands are on this computer (process mode installs nothing)\n' +
      'E: Unable to install no-such-tool: process mode installs nothing, and this computer has no no-such-tool\n' +
      'status 100\nstartup-script exit status 0\n',
  );
});

test('journalctl shows the console of this boot', async () => {
  await using machine = new ProcessMachine();
  await (await machine.boot('echo first; poweroff')).off;
  await machine.boot(
    'echo one; echo two; journalctl -b --no-pager -u x >log; journalctl -n 1; sed s/^/=/ log; echo end',
  );
  const console = await machine.shows('end\nstartup-script exit status');
  const shown = `${PROCESS_MODE}one\ntwo\ntwo\n=${PROCESS_MODE}=one\n=two\nend\nstartup-script exit status 0\n`;
  assert.ok(console.endsWith(shown), console);
});

test('the disk outlives a boot, the temporary files do not; a fresh disk is empty', async () => {
  await using machine = new ProcessMachine();
  const look = 'ls . "$TMPDIR"; touch kept "$TMPDIR/lost"; poweroff';
  for (let boot = 0; boot < 2; boot++) await (await machine.boot(look)).off;
  const console = await machine.console();
  assert.equal(console.match(/kept/g)?.length, 1);
  assert.doesNotMatch(console, /lost/);
  await machine.close();
  await (await machine.boot(look, { freshDisk: true })).off;
  assert.equal((await machine.console()).match(/kept/g)?.length, 1);
});

for (const [name, alsoKilled] of [
  ['a local cloud that is killed takes its machines with it', false],
  ['what outlives even the watchdog is ended by the next local cloud', true],
] as const)
  test(name, onlyLinux, async () => {
    await using machine = new ProcessMachine();
    const child = spawn(
      process.execPath,
      [new URL('boot-and-hang.ts', import.meta.url).pathname, machine.directory],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    await machine.shows('ready');
    assert.ok((await machine.processes()).length > 0);
    const watchdogs = await machine.watchdogs();
    assert.equal(watchdogs.length, 1);
    if (alsoKilled) for (const pid of watchdogs) process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await text(child.stdout);
    if (alsoKilled) await machine.boot('');
    else await machine.isGone();
    const left = await machine.processes();
    assert.equal(left.length, alsoKilled ? 1 : 0);
  });

function literally(message: string): RegExp {
  return new RegExp(`^${RegExp.escape(message)}$`);
}
