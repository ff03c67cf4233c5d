import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { withoutProgram } from '../../../local/test/support/without-program.ts';
import { type Machine, RUN_ID, startMachine } from '../../startup-script/fixture/machine.ts';

const MAKEFILE = `all:
	@python -c 'import greeting; greeting.hello()'
	@.venv/bin/python --version >/dev/null && echo 'venv where Makefiles look for it'
	@cat native.txt
native:
	@echo compiling; echo built >native.txt
`;
const PROVISION = { apt: ['osmium-tool', 'g++'], pythonRequirements: 'requirements.txt', native: 'native' };

/** Of Python, and not of every distribution's: Debian has it in a package of its own. */
const makesEnvironments = {
  skip:
    spawnSync('python3', ['-c', 'import ensurepip, venv']).status !== 0 &&
    'skipped, because this Python makes no virtual environments: install python3-venv',
};

describe('provisioning', { concurrency: 2 }, () => {
  test(
    'packages, requirements and the native build come before make, and are kept on the disk',
    makesEnvironments,
    async (t) => {
      const machine = await startMachine(t);
      const log = aptThatFails(machine, 1);
      const files = { Makefile: MAKEFILE, 'requirements.txt': requirements(machine) };
      await machine.submit(files, { spec: { provision: PROVISION, outputs: [] } });
      const { status, console } = await machine.boot();
      assert.equal(status, 0, console);
      const phases = (await machine.outcome()).phases.map((phase) => phase.name);
      assert.deepEqual(phases, ['boot', 'claim', 'source', 'apt', 'python', 'native', 'make', 'upload']);
      assert.match(
        (await machine.result('build.log')) ?? '',
        /hello from the wheel\nvenv where Makefiles look for it\nbuilt\n/,
      );
      // The first update fails; what was left half done is mended, and everything is tried again.
      assert.deepEqual(calls(log), [
        'update -y -o DPkg::Lock::Timeout=600',
        'dpkg --configure -a',
        'install -y -o DPkg::Lock::Timeout=600 -o Dir::State::Lists=LISTS --fix-broken',
        'update -y -o DPkg::Lock::Timeout=600 -o Dir::State::Lists=LISTS',
        'install -y -o DPkg::Lock::Timeout=600 -o Dir::State::Lists=LISTS osmium-tool g++',
      ]);
      assert.doesNotMatch(console, /compiling|Processing/, 'verbose steps are not on the console');
      assert.match((await machine.result('startup_detail.log')) ?? '', /compiling/);

      await machine.submit(files, {
        metadata: { ATTEMPT: '2' },
        spec: { provision: PROVISION, outputs: [], attempt: 2 },
      });
      const again = await machine.boot();
      assert.equal(again.status, 0, again.console);
      assert.match(again.console, /packages are on this disk already: osmium-tool g\+\+/);
      assert.match(again.console, /the Python packages of requirements\.txt are on this disk already/);
      assert.equal(calls(log).length, 5);
    },
  );

  test('a package that does not exist fails the attempt in phase apt', async (t) => {
    const machine = await startMachine(t);
    aptThatFails(machine, 99);
    const spec = { provision: { apt: ['osmium-tool'] } };
    await machine.submit({ Makefile: 'all:\n' }, { spec });
    const { status } = await machine.boot();
    const { phase, cause, exitCode, reason } = await machine.outcome();
    assert.deepEqual([status, phase, cause, exitCode], [100, 'apt', 'provisioning', 100]);
    assert.equal(reason, 'The packages osmium-tool cannot be installed: E: Unable to locate package');
    assert.match(
      (await machine.result('startup_error.txt')) ?? '',
      /startup_detail\.log:\n(.*\n)*E: Unable to locate/,
    );
  });

  test('requirements of comments alone ask for nothing; a toolchain that is there is not fetched', async (t) => {
    const machine = await startMachine(t);
    machine.shim('rustc', 'echo "rustc 1.90.0 (1159e78c4 2025-09-14)"');
    const spec = {
      provision: { apt: [], pythonRequirements: 'requirements.txt', rust: '1.90.0' },
      outputs: [],
    };
    const files = {
      Makefile: 'all:\n\t@echo "toolchain $$RUSTUP_TOOLCHAIN"\n',
      'requirements.txt': '# standard library only\n\n',
    };
    await machine.submit(files, { spec });
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    assert.match(console, /^\[vicinity\] requirements\.txt asks for nothing$/m);
    assert.match(console, /^\[vicinity\] Rust 1\.90\.0 is on this disk already$/m);
    assert.match(console, /^toolchain 1\.90\.0$/m);
    assert.equal(existsSync(join(machine.disk, 'venv')), false);
  });

  test('rustup is run only if its hash is the one that the configuration pins', {
    skip: withoutProgram('curl'),
  }, async (t) => {
    const machine = await startMachine(t);
    // What the network would give: it installs a rustup that installs a toolchain.
    const installer = `#!/bin/bash
mkdir -p ~/.cargo/bin
printf '#!/bin/bash\\necho toolchain "$*"\\n' >~/.cargo/bin/rustup
chmod +x ~/.cargo/bin/rustup
`;
    writeFileSync(join(machine.directory, 'installer'), installer);
    machine.shim(
      'curl',
      'if [[ $* != *rustup-init* ]]; then exec /usr/bin/curl "$@"; fi',
      `cp '${machine.directory}/installer' "\${@: -2:1}"`,
    );
    machine.shim('rustc', 'exit 1');
    const PATH = `${join(machine.directory, 'bin')}:/usr/bin:/bin:/usr/sbin`;
    const attempt = async (number: number, rustup?: object) => {
      const provision = { apt: [], rust: '1.90.0', ...(rustup && { rustup }) };
      const spec = { provision, outputs: [], attempt: number };
      await machine.submit({ Makefile: 'all:\n\t@true\n' }, { metadata: { ATTEMPT: String(number) }, spec });
      await machine.boot({ PATH });
      return JSON.parse((await machine.cloud.read(`runs/${RUN_ID}/attempt-${number}/outcome.json`)) ?? '{}');
    };
    const unpinned = await attempt(1);
    assert.deepEqual(
      [unpinned.phase, unpinned.reason],
      [
        'rust',
        "There is no rustup on the VM, and provision.rustup does not pin one: give it a version and a sha256, or add rustup to provision.apt where the image's Debian has it.",
      ],
    );
    const sha256 = createHash('sha256').update(installer).digest('hex');
    const url = `https://static.rust-lang.org/rustup/archive/1.28.2/${machineName()}-unknown-linux-gnu/rustup-init`;
    const wrong = await attempt(2, { version: '1.28.2', sha256: 'a'.repeat(64) });
    assert.deepEqual(
      [wrong.phase, wrong.reason],
      [
        'rust',
        `${url} has the sha256 ${sha256}, and provision.rustup says ${'a'.repeat(64)}. It was not used.`,
      ],
    );
    const right = await attempt(3, { version: '1.28.2', sha256 });
    assert.equal(right.outcome, 'succeeded', right.reason);
    const executed = right.executed.map(({ name }: { name: string }) => name);
    assert.deepEqual(executed, ['startup-script', 'bash', 'python', 'rustup-init', 'make', 'source']);
    assert.match(
      (await machine.result('startup_detail.log')) ?? '',
      /^toolchain toolchain install 1\.90\.0 --profile minimal$/m,
    );
  });

  test('a VM without make is told what to add', { skip: withoutProgram('curl') }, async (t) => {
    const machine = await startMachine(t);
    const all = join(machine.directory, 'all-but-make');
    mkdirSync(all);
    for (const name of readdirSync('/usr/bin'))
      if (!name.includes('make')) symlinkSync(join('/usr/bin', name), join(all, name));
    await machine.submit({ Makefile: 'all:\n' });
    const { status } = await machine.boot({ PATH: `${join(machine.directory, 'bin')}:${all}` });
    const { phase, reason } = await machine.outcome();
    assert.deepEqual(
      [status, phase, reason],
      [127, 'make', 'There is no make on the VM: add it to provision.apt.'],
    );
  });

  test('pip downloads while packages are being installed', makesEnvironments, async (t) => {
    const machine = await startMachine(t);
    machine.shim('apt-get', '[[ $1 != install ]] || sleep 4');
    const files = { Makefile: MAKEFILE, 'requirements.txt': requirements(machine) };
    await machine.submit(files, { spec: { provision: PROVISION, outputs: [] } });
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    const detail = (await machine.result('startup_detail.log')) ?? '';
    assert.match(detail, /pip download .*--only-binary :all:.*\n(?:.*\n)*.*pip install .*--find-links/);
  });
});

function machineName(): string {
  return execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim();
}

/** An apt-get and a dpkg that record their calls; the first `times` updates fail. Returns the record's path. */
function aptThatFails(machine: Machine, times: number): string {
  const log = join(machine.directory, 'apt.log');
  machine.shim(
    'apt-get',
    `echo "$*" >>'${log}'`,
    `if [[ $1 == update ]] && (($(grep -c ^update '${log}') <= ${times})); then`,
    '  echo "E: Unable to locate package" >&2; exit 100',
    'fi',
  );
  machine.shim('dpkg', `echo "dpkg $*" >>'${log}'`);
  return log;
}

function calls(log: string): string[] {
  return readFileSync(log, 'utf8')
    .trimEnd()
    .replace(/Lists=\S+/g, 'Lists=LISTS')
    .split('\n');
}

/** Requirements of a Python package that pip can install without the network. */
function requirements(machine: Machine): string {
  const root = join(machine.directory, 'wheel');
  const info = join(root, 'greeting-1.0.dist-info');
  mkdirSync(info, { recursive: true });
  writeFileSync(join(root, 'greeting.py'), 'def hello():\n    print("hello from the wheel")\n');
  writeFileSync(join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n');
  writeFileSync(join(info, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  const members = [
    'greeting.py',
    ...['METADATA', 'WHEEL', 'RECORD'].map((name) => `greeting-1.0.dist-info/${name}`),
  ];
  writeFileSync(join(info, 'RECORD'), members.map((name) => `${name},,\n`).join(''));
  const file = join(machine.directory, 'greeting-1.0-py3-none-any.whl');
  const { status } = spawnSync(
    'python3',
    ['-m', 'zipfile', '-c', file, 'greeting.py', 'greeting-1.0.dist-info'],
    { cwd: root },
  );
  if (status !== 0) throw new Error('The wheel cannot be packed.');
  return `--no-index\n--find-links ${machine.directory}\ngreeting==1.0\n`;
}
