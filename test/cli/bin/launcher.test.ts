import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const LAUNCHER = path.join(import.meta.dirname, '../../../cli/bin/vicinity.cjs');
const PINNED_NODE = path.join(import.meta.dirname, '../../../node_modules/node');
const OLD_NODE = findOldNode();
const skip = OLD_NODE ? false : 'there is no Node older than 24 on the PATH';

const folder = mkdtempSync(path.join(tmpdir(), 'vicinity-launcher-'));
after(() => rmSync(folder, { recursive: true }));

/** The first Node on the PATH that cannot run the program itself, by its own account: what is on the PATH may be a link to it. */
function findOldNode(): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const node = path.join(folder, 'node');
    if (!existsSync(node)) continue;
    const [file = '', version = ''] = evaluated(node, 'process.execPath + "|" + process.versions.node').split(
      '|',
    );
    const major = Number.parseInt(version, 10);
    if (major >= 14 && major < 24) return file;
  }
  return undefined;
}

function evaluated(node: string, expression: string): string {
  return execFileSync(node, ['-p', expression], { encoding: 'utf8' }).trim();
}

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

function run(command: string, args: string[], onOutput: (pid: number) => void = () => {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    const ended = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      ended.stdout += chunk;
      onOutput(child.pid ?? 0);
    });
    child.stderr.on('data', (chunk) => (ended.stderr += chunk));
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, ...ended }));
  });
}

/** A copy of the launcher in a package of its own, below `folder`, whose program is `source`. */
function packageAt(name: string, program: string, source: string): string {
  const root = path.join(folder, name);
  mkdirSync(path.join(root, 'cli/bin'), { recursive: true });
  mkdirSync(path.dirname(path.join(root, program)), { recursive: true });
  cpSync(LAUNCHER, path.join(root, 'cli/bin/vicinity.cjs'));
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
  if (source) writeFileSync(path.join(root, program), source);
  return path.join(root, 'cli/bin/vicinity.cjs');
}

function withPinnedNode(name: string): void {
  mkdirSync(path.join(folder, name, 'node_modules'), { recursive: true });
  symlinkSync(PINNED_NODE, path.join(folder, name, 'node_modules/node'));
}

test('runs through a link, as node_modules/.bin has one', async () => {
  const link = path.join(folder, 'vicinity');
  symlinkSync(LAUNCHER, link);
  const { code, stdout, stderr } = await run(process.execPath, [link, '--version']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('runs the built program where it is installed', async () => {
  const launcher = packageAt(
    'node_modules/vicinity',
    'dist/programs/cli.js',
    'console.log("built", ...process.argv.slice(2));',
  );
  const { stdout } = await run(process.execPath, [launcher, 'a', 'b']);
  assert.equal(stdout, 'built a b\n');
});

test('says so where the built program is missing', async () => {
  const launcher = packageAt('node_modules/incomplete', 'dist/programs/cli.js', '');
  const { code, stderr } = await run(process.execPath, [launcher]);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    `vicinity: ${path.join(folder, 'node_modules/incomplete/dist/programs/cli.js')} is missing: the package is incomplete, or was not built.
Install it again, or run npm run build in its checkout.
`,
  );
});

test('an old Node hands over to the pinned one, which does the same', { skip }, async () => {
  const pinned = await run(OLD_NODE ?? '', [LAUNCHER, 'run', '--param', 'nothing']);
  assert.equal(pinned.code, 2);
  assert.match(pinned.stderr, /^error: option '--param <NAME=VALUE>' argument 'nothing' is invalid\./);
});

test('an old Node passes the exit code, the arguments and both streams', { skip }, async () => {
  const source =
    'const args: string[] = process.argv.slice(2); console.log(args.join()); console.error("e"); process.exitCode = 5;';
  const launcher = packageAt('codes', 'cli/main.ts', source);
  withPinnedNode('codes');
  const ended = await run(OLD_NODE ?? '', [launcher, 'a b', '--c']);
  assert.deepEqual(ended, { code: 5, signal: null, stdout: 'a b,--c\n', stderr: 'e\n' });
});

test('an old Node passes signals, and ends as the program did', { skip }, async () => {
  const caught =
    'process.on("SIGTERM", () => process.exit(130)); console.log("ready"); setInterval(() => {}, 1000);';
  const launcher = packageAt('caught', 'cli/main.ts', caught);
  withPinnedNode('caught');
  const polite = await run(OLD_NODE ?? '', [launcher], (pid) => process.kill(pid, 'SIGTERM'));
  assert.deepEqual({ code: polite.code, signal: polite.signal }, { code: 130, signal: null });

  const uncaught = packageAt('uncaught', 'cli/main.ts', 'console.log("ready"); setInterval(() => {}, 1000);');
  withPinnedNode('uncaught');
  const killed = await run(OLD_NODE ?? '', [uncaught], (pid) => process.kill(pid, 'SIGINT'));
  assert.deepEqual({ code: killed.code, signal: killed.signal }, { code: null, signal: 'SIGINT' });
});

test('an old Node alone says which one is needed, and how to get it', { skip }, async () => {
  const launcher = packageAt('alone', 'cli/main.ts', 'console.log("never")');
  const { code, stdout, stderr } = await run(OLD_NODE ?? '', [launcher]);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  const version = evaluated(OLD_NODE ?? '', 'process.versions.node');
  assert.equal(
    stderr,
    `vicinity needs Node 24 or newer; this is Node ${version} (${OLD_NODE}).
It runs its TypeScript sources directly, which older versions cannot do. Any one of these helps:
  npx --package node@24 node ${launcher} …    for one call
  npm install --save-dev node@24    beside vicinity: it is then found and used
  nvm install 24    or https://nodejs.org/en/download, for the whole machine
`,
  );
});
