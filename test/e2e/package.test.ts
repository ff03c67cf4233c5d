import assert from 'node:assert/strict';
import { execFile, execFileSync, type StdioOptions, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

/** The package as npm makes it, and as somebody installs it who has no checkout. */

const ROOT = path.join(import.meta.dirname, '../..');
/** Of the tarball; three functions with the programs that draw their pictures are most of it. */
const MAX_BYTES = 12_000_000;
const PING = ['ping', '--fetch-retries=0', '--fetch-timeout=5000'];
/** The node that runs this comes first: the installed command needs it as well. */
const ENV = { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}` };

interface Packed {
  filename: string;
  size: number;
  files: { path: string }[];
}

const FIXTURE = path.join(ROOT, 'test/fixtures/town-scores');

const isReachable = await succeeds('npm', PING);
const skip = isReachable ? false : 'the package registry cannot be reached';

/** The programs themselves, because rustup's proxies look for toolchains in a home folder that a run does not have. */
const rustPrograms = path.join(
  spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' }).stdout?.trim() ?? '',
  'bin',
);
const withoutRust = rustPrograms === 'bin' ? 'skipped, because there is no Rust toolchain here' : false;

describe('the package', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vicinity-package-'));
  let packed: Packed;

  before(() => {
    // `npm ci` has built it; a working copy may be older than its sources.
    if (!existsSync(path.join(ROOT, 'dist/programs/cli.js')))
      run(ROOT, [process.execPath, 'scripts/build.ts']);
    const [one] = JSON.parse(
      run(ROOT, ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
    );
    packed = one;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('has what an installed command needs, and no more', () => {
    const files = packed.files.map((file) => file.path);
    const needed = [
      'cli/bin/vicinity.cjs',
      'cli/vicinity.mk',
      'dist/programs/cli.js',
      'dist/startup.sh',
      'LICENSE',
    ];
    assert.deepEqual(
      needed.filter((file) => !files.includes(file)),
      [],
    );
    assert.deepEqual(
      files.filter((file) => /test|\.tgz$|^(shared|functions|local|deploy|scripts)\/|\.map$/.test(file)),
      [],
    );
    assert.ok(packed.size < MAX_BYTES, `${packed.size} bytes`);
  });

  test('installed in an empty folder, it runs a pipeline on this computer', { skip }, () => {
    const home = installed('home');
    const pipeline = path.join(home, 'pipeline');
    mkdirSync(pipeline);
    writeFileSync(path.join(pipeline, 'Makefile'), 'all:\n\tmkdir -p out && echo hello > out/a.txt\n');
    writeFileSync(
      path.join(pipeline, 'vicinity.yaml'),
      'defaultTarget: all\ntargets:\n  all:\n    outputs: [out]\n',
    );
    writeFileSync(path.join(pipeline, '.gitignore'), 'data\nlogs\n.vicinity-local\n');
    run(pipeline, ['git', 'init', '--quiet']);
    run(pipeline, ['git', 'add', '.']);
    const command = path.join(home, 'node_modules/.bin/vicinity');
    const vicinity = (args: string[], env = {}) => run(pipeline, [command, ...args], env);
    assert.match(vicinity(['--help']), /^Usage: vicinity /);
    vicinity(['local', 'up', '--detach', '--port-base', '0']);
    try {
      const env = JSON.parse(vicinity(['local', 'env', '--json']));
      vicinity(['push'], env);
      vicinity(['run', '--watch'], env);
      vicinity(['pull'], env);
    } finally {
      vicinity(['local', 'down']);
    }
    assert.equal(
      readFileSync(path.join(pipeline, 'data/categories_results/latest/out/a.txt'), 'utf8'),
      'hello\n',
    );
  });

  test('takes four commands from a clone of a pipeline to its results', { skip: skip || withoutRust }, () => {
    const origin = path.join(folder, 'origin');
    cpSync(FIXTURE, origin, { recursive: true });
    renameSync(path.join(origin, 'gitignore'), path.join(origin, '.gitignore'));
    for (const command of [['init', '--quiet'], ['add', '.'], COMMIT]) run(origin, ['git', ...command]);
    run(folder, ['git', 'clone', '--quiet', origin, 'clone']);
    const clone = installed('clone');
    const towns = Array.from({ length: 1000 }, (_, index) => `town-${index},maine,3,4`);
    mkdirSync(path.join(clone, 'data/raw'), { recursive: true });
    writeFileSync(path.join(clone, 'data/raw/towns.csv'), ['town,state,x,y', ...towns, ''].join('\n'));
    const vicinity = (...args: string[]) =>
      run(clone, [path.join(clone, 'node_modules/.bin/vicinity'), ...args], {
        PATH: `${rustPrograms}${path.delimiter}${ENV.PATH}`,
      });
    vicinity('init', '--yes');
    vicinity('local', 'up', '--detach', '--port-base', '0');
    try {
      assert.match(vicinity('run', '--watch'), /^\[score\] 1000 towns/m);
      vicinity('pull', '--fan-out');
    } finally {
      vicinity('local', 'down');
    }
    assert.equal(
      readFileSync(path.join(clone, 'data/scores/report.md'), 'utf8'),
      '# Towns\n\n1000 towns, at most 5.0 km.\n',
    );
  });

  /** Installs the package in the folder of this name, and returns its path. */
  function installed(name: string): string {
    const directory = path.join(folder, name);
    mkdirSync(directory, { recursive: true });
    const tarball = path.join(folder, packed.filename);
    run(directory, ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', tarball]);
    return directory;
  }
});

const COMMIT = ['-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '--quiet', '--message', 'First'];

function run(cwd: string, command: string[], env: Record<string, string> = {}): string {
  const [program = '', ...args] = command;
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
  return execFileSync(program, args, { cwd, env: { ...ENV, ...env }, encoding: 'utf8', stdio });
}

function succeeds(program: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => execFile(program, args, (error) => resolve(!error)));
}
