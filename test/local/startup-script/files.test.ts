import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ATTEMPT, type Machine, RUN_ID, startMachine } from '../../startup-script/fixture/machine.ts';

/** Downloads come from a folder of the test: this curl copies them, and notes what it was asked for. */
function serveFiles(machine: Machine): { folder: string; asked(): string[] } {
  const folder = join(machine.directory, 'served');
  const log = join(machine.directory, 'asked');
  mkdirSync(folder);
  writeFileSync(log, '');
  machine.shim(
    'curl',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is bash.
    'url="${@: -1}"; file="${@: -2:1}"',
    'if [[ $url != https://example.com/* ]]; then exec /usr/bin/curl "$@"; fi',
    `echo "$*" >>'${log}'`,
    `cp "${folder}/\${url##*/}" "$file" 2>/dev/null || { echo 'curl: (22) The requested URL returned error: 404' >&2; exit 22; }`,
  );
  return { folder, asked: () => readFileSync(log, 'utf8').trimEnd().split('\n').filter(Boolean) };
}

const PROGRAM = '#!/bin/sh\necho "this is $0"\n';
/** Archives, made by Python: a zip and a tarball with a program in a folder, and a bare program. */
const ARCHIVES = `import io, sys, tarfile, zipfile
program = sys.argv[2].encode()
with zipfile.ZipFile(sys.argv[1] + "/duck.zip", "w") as archive:
    entry = zipfile.ZipInfo("bin/duck"); entry.external_attr = 0o104755 << 16
    archive.writestr(entry, program); archive.writestr("README", "text")
with tarfile.open(sys.argv[1] + "/tiles.tar.gz", "w:gz") as archive:
    for name, mode in (("tiles-1.0/tippecanoe", 0o6755), ("tiles-1.0/tile-join", 0o644)):
        entry = tarfile.TarInfo(name); entry.size = len(program); entry.mode = mode
        archive.addfile(entry, io.BytesIO(program))
with tarfile.open(sys.argv[1] + "/evil.tar", "w") as archive:
    entry = tarfile.TarInfo("x"); entry.type = tarfile.SYMTYPE; entry.linkname = "/etc/passwd"; archive.addfile(entry)
open(sys.argv[1] + "/pmtiles", "wb").write(program)`;

function archivesIn(folder: string): Record<string, object> {
  const { status, stderr } = spawnSync('python3', ['-c', ARCHIVES, folder, PROGRAM], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const entry = (name: string, ...programs: string[]) => ({
    url: `https://example.com/${name}`,
    sha256: createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex'),
    programs,
  });
  return {
    zip: entry('duck.zip', 'bin/duck'),
    tarball: entry('tiles.tar.gz', 'tiles-1.0/tippecanoe', 'tiles-1.0/tile-join'),
    bare: entry('pmtiles', 'pmtiles'),
    evil: entry('evil.tar', 'x'),
  };
}

const again = (attempt: number, provision: object) => ({
  metadata: { ATTEMPT: String(attempt) },
  spec: { attempt, outputs: [], provision: { apt: [], ...provision } },
});

async function outcomeOf(machine: Machine, attempt: number) {
  return JSON.parse((await machine.cloud.read(`runs/${RUN_ID}/attempt-${attempt}/outcome.json`)) ?? '{}');
}

describe('provision.files', { concurrency: 2 }, () => {
  test('programs are on the PATH of make, and are not downloaded again', async (t) => {
    const machine = await startMachine(t);
    const { folder, asked } = serveFiles(machine);
    const { zip, tarball, bare } = archivesIn(folder);
    const Makefile = 'all:\n\t@duck; tippecanoe; tile-join; pmtiles\n';
    const provision = { files: [zip, tarball, bare] };
    await machine.submit({ Makefile }, again(1, provision));
    const { status, console } = await machine.boot();
    assert.equal(status, 0, console);
    const programs = ['duck', 'tippecanoe', 'tile-join', 'pmtiles'];
    const log = (await machine.result('build.log')) ?? '';
    for (const program of programs) assert.match(log, new RegExp(`^this is .*/files/bin/${program}$`, 'm'));
    assert.equal(asked().length, 3);
    for (const call of asked())
      assert.match(call, /^--proto =https --proto-redir =https --tlsv1\.2 .*--max-filesize 2147483648 /);
    const outcome = await outcomeOf(machine, 1);
    const executed = outcome.executed.map(({ name }: { name: string }) => name);
    assert.ok(executed.includes('https://example.com/pmtiles'), executed.join());

    await machine.submit({ Makefile }, again(2, provision));
    const second = await machine.boot();
    assert.equal(second.status, 0, second.console);
    assert.match(second.console, /^\[vicinity\] https:\/\/example\.com\/duck\.zip is on this disk already$/m);
    assert.equal(asked().length, 3);

    await machine.submit({ Makefile: 'all:\n\t@! duck\n' }, again(3, {}));
    const third = await machine.boot();
    assert.equal(third.status, 0, 'a run that does not ask for it does not find it');
  });

  test('bytes that differ from the hash are not used', async (t) => {
    const machine = await startMachine(t);
    const { bare } = archivesIn(serveFiles(machine).folder);
    const wrong = { ...bare, sha256: 'a'.repeat(64) };
    await machine.submit({ Makefile: 'all:\n\t@pmtiles\n' }, again(1, { files: [wrong] }));
    await machine.boot();
    const { cause, phase, reason } = await outcomeOf(machine, 1);
    assert.deepEqual([cause, phase], ['provisioning', 'files']);
    const found = createHash('sha256').update(PROGRAM).digest('hex');
    assert.equal(
      reason,
      `https://example.com/pmtiles has the sha256 ${found}, and provision.files says ${'a'.repeat(64)}. It was not used.`,
    );
  });

  test('a download that fails, a program that is missing and an archive that reaches outside are named', async (t) => {
    const machine = await startMachine(t);
    const { zip, evil } = archivesIn(serveFiles(machine).folder);
    const cases: [object, string][] = [
      [
        { ...zip, url: 'https://example.com/gone.zip' },
        'https://example.com/gone.zip cannot be fetched: curl: (22) The requested URL returned error: 404',
      ],
      [
        { ...zip, programs: ['bin/goose'] },
        'https://example.com/duck.zip of provision.files cannot be installed: it has no file bin/goose',
      ],
      [
        evil ?? {},
        'https://example.com/evil.tar of provision.files cannot be installed: x is a link that leaves the source tree, to /etc/passwd',
      ],
    ];
    for (const [index, [file, wanted]] of cases.entries()) {
      await machine.submit({ Makefile: 'all:\n' }, again(index + 1, { files: [file] }));
      await machine.boot();
      const { cause, reason } = await outcomeOf(machine, index + 1);
      assert.deepEqual([cause, reason], ['provisioning', wanted]);
    }
  });
});

describe('provision.script', { concurrency: 2 }, () => {
  const SCRIPT = '#!/bin/bash\necho "running in $PWD" | tee -a "$TMPDIR/calls"\n';

  test('it runs in the tree, once for each content', async (t) => {
    const machine = await startMachine(t);
    const calls = () => readFileSync(join(machine.directory, 'calls'), 'utf8').trimEnd().split('\n');
    const files = { Makefile: 'all:\n', 'setup.sh': SCRIPT };
    const provision = { script: 'setup.sh' };
    for (const [attempt, changes, runs] of [
      [1, {}, 1],
      [2, { Makefile: 'all:\n\t@true\n' }, 1],
      [3, { 'setup.sh': `${SCRIPT}# changed\n` }, 2],
      [4, {}, 2],
    ] as const) {
      await machine.submit({ ...files, ...changes }, again(attempt, provision));
      const { status, console } = await machine.boot();
      assert.equal(status, 0, console);
      assert.equal(calls().length, runs, `after attempt ${attempt}`);
    }
    assert.equal(calls()[0], `running in ${machine.disk}/src`);
  });

  test('one that fails is quoted, and runs again', async (t) => {
    const machine = await startMachine(t);
    const Makefile = 'all:\n';
    const failing = `${SCRIPT}echo 'install: error: no such tool' >&2; exit 9\n`;
    for (const attempt of [1, 2]) {
      await machine.submit({ Makefile, 'setup.sh': failing }, again(attempt, { script: 'setup.sh' }));
      assert.equal((await machine.boot()).status, 9);
      const { cause, phase, reason } = await outcomeOf(machine, attempt);
      assert.deepEqual([cause, phase], ['provisioning', 'script']);
      assert.equal(
        reason,
        'setup.sh (provision.script) failed with exit code 9: install: error: no such tool',
      );
    }
  });

  for (const [what, files, reason] of [
    ['is not in the package', {}, 'provision.script names setup.sh, which the source package does not have.'],
    [
      'has no first line for an interpreter',
      { 'setup.sh': 'echo x\n' },
      'provision.script: setup.sh has no first line that names its interpreter, such as #!/bin/bash.',
    ],
  ] as const)
    test(`one that ${what} is named`, async (t) => {
      const machine = await startMachine(t);
      await machine.submit({ Makefile: 'all:\n', ...files }, again(1, { script: 'setup.sh' }));
      await machine.boot();
      const outcome = JSON.parse((await machine.cloud.read(`${ATTEMPT}/outcome.json`)) ?? '{}');
      assert.deepEqual([outcome.phase, outcome.reason], ['script', reason]);
    });
});
