import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startMachine } from '../../startup-script/fixture/machine.ts';
import { PLANTED_REQUIREMENTS, PLANTED_WHEEL, plantedWheel } from '../../startup-script/fixture/planted.ts';

const makesEnvironments = {
  skip:
    spawnSync('python3', ['-c', 'import ensurepip, venv']).status !== 0 &&
    'skipped, because this Python makes no virtual environments: install python3-venv',
};

/** In process mode nothing runs as root; what the script itself would run is the same. test/vm/planted.test.ts has root. */
describe('what a job leaves on the disk', makesEnvironments, () => {
  const PROVISION = { apt: [], pythonRequirements: 'requirements.txt', native: 'native' };

  test('programs and modules that a package plants are not run by the script', async (t) => {
    const machine = await startMachine(t);
    const mark = join(machine.directory, 'planted');
    const files = {
      Makefile: `all:
	@/bin/mkdir -p out; echo x >out/x
native:
	@/bin/cp $$VIRTUAL_ENV/lib/python3*/site-packages/*.py .
`,
      'requirements.txt': PLANTED_REQUIREMENTS,
      [PLANTED_WHEEL]: plantedWheel(`echo "$0 $*" >>'${mark}'`),
    };
    await machine.submit(files, { spec: { provision: PROVISION } });
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    assert.equal(existsSync(mark) ? readFileSync(mark, 'utf8') : '', '');
  });

  test(
    'nothing that a run plants in its environment or home is there in the next',
    makesEnvironments,
    async (t) => {
      const machine = await startMachine(t);
      const plant =
        'echo planted >$$VIRTUAL_ENV/bin/x; mkdir -p ~/.cargo/bin; echo planted >~/.cargo/bin/x; echo x >~/.curlrc';
      const look = 'ls -A ~ $$VIRTUAL_ENV/bin/x ~/.cargo/bin/x';
      const files = (recipe: string) => ({
        Makefile: `all native:\n\t@${recipe}; true\n`,
        'requirements.txt': PLANTED_REQUIREMENTS,
        [PLANTED_WHEEL]: plantedWheel('exit 0'),
      });
      const spec = { provision: PROVISION, outputs: [] };
      await machine.submit(files(plant), { spec });
      const first = await machine.boot();
      assert.equal(first.status, 0, first.console);

      await machine.submit(files(look), { metadata: { ATTEMPT: '2' }, spec: { ...spec, attempt: 2 } });
      const second = await machine.boot();
      assert.match(second.console, /the Python packages of requirements\.txt are on this disk already/);
      const log = (await machine.result('build.log')) ?? '';
      assert.match(log, /cannot access '\S+\/venv\/bin\/x'/);
      assert.match(log, /cannot access '\S+\/home\/\.cargo\/bin\/x'/);
      assert.doesNotMatch(log, /curlrc/);
      assert.deepEqual(readdirSync(join(machine.disk, 'kept')), ['python.tar']);
    },
  );
});
