import assert from 'node:assert/strict';
import { execFile, execFileSync, type StdioOptions } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const isReachable = await succeeds('npm', PING);
const skip = isReachable ? false : 'the package registry cannot be reached';

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
    const home = path.join(folder, 'home');
    mkdirSync(home);
    const tarball = path.join(folder, packed.filename);
    run(home, ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', tarball]);
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
});

function run(cwd: string, command: string[], env: Record<string, string> = {}): string {
  const [program = '', ...args] = command;
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
  return execFileSync(program, args, { cwd, env: { ...ENV, ...env }, encoding: 'utf8', stdio });
}

function succeeds(program: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => execFile(program, args, (error) => resolve(!error)));
}
