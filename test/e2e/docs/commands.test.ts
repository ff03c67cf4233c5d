import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { prepareInputs } from '../../../examples/vicinity/prepare-inputs.ts';
import { withoutGcloud } from '../../../local/test/support/gcloud.ts';
import { documents, type Fence, ROOT, readDocument } from '../../docs/markdown.ts';
import { Sandbox } from './sandbox.ts';

/** Documents whose commands run one after the other, in one shell. */
interface Session {
  files: string[];
  /** Fills the sandbox before the first command. */
  prepare(sandbox: Sandbox, fences: Fence[]): void;
  /** Commands that run before those of the documents. */
  before: string[];
}

const BEGIN = "git init --quiet && git add . && git commit --quiet --allow-empty --message 'Begin'";
const UP = ['npx vicinity local up --detach', 'eval "$(npx vicinity local env)"'];

const SESSIONS: Session[] = [
  { files: ['README.md'], prepare() {}, before: [BEGIN] },
  {
    files: ['docs/guide/getting-started.md'],
    prepare(sandbox, fences) {
      sandbox.addPackage();
      sandbox.addFiles(fences);
    },
    before: ['git init --quiet'],
  },
  {
    files: ['docs/guide/migrating.md'],
    prepare: (sandbox) => sandbox.addExample(),
    before: [BEGIN, 'npx vicinity local up --empty --detach', 'eval "$(npx vicinity local env)"'],
  },
  {
    files: ['docs/guide/deploying.md'],
    prepare: (sandbox) => sandbox.addExample(),
    before: [BEGIN],
  },
  ...[
    ['results', 'cost', 'tuning', 'slack', 'troubleshooting'],
    ['cancelling', 'requests'],
  ].map((names) => ({
    files: names.map((name) => `docs/guide/${name}.md`),
    prepare: (sandbox: Sandbox) => sandbox.addExample(),
    before: [BEGIN, ...UP],
  })),
];

/** The commands of these documents take minutes or change this checkout, so a test only checks that what they name exists. */
const CHECKED_ONLY = ['CONTRIBUTING.md', 'docs/reference/releasing.md'];
/** Commands that are checked instead of run, in every document. */
const CHECKED = /^(?:npm|node) /;

prepareInputs();

describe('the commands in the documentation work', { concurrency: 2 }, () => {
  for (const { files, prepare, before } of SESSIONS) {
    test(files.join(', '), async () => {
      const fences = files.flatMap((file) => readDocument(file).fences);
      await using sandbox = new Sandbox();
      prepare(sandbox, fences);
      const { exitCode, output } = await sandbox.run([...before, ...shells(fences).flatMap(runnable)]);
      assert.equal(exitCode, 0, output);
    });
  }
});

test('some of the commands are gcloud commands', { skip: withoutGcloud }, () => {
  const fences = SESSIONS.flatMap(({ files }) => files.flatMap((file) => shells(readDocument(file).fences)));
  assert.ok(fences.flatMap(commands).filter((command) => command.startsWith('gcloud ')).length > 5);
});

test('every document with commands is tested', () => {
  const read = [...SESSIONS.flatMap(({ files }) => files), ...CHECKED_ONLY];
  const withCommands = documents().filter(({ fences }) => shells(fences).length > 0);
  assert.deepEqual(
    withCommands.map(({ file }) => file).filter((file) => !read.includes(file)),
    [],
  );
});

test('commands that are not run name existing npm scripts, files and tests', () => {
  const all = documents().flatMap(({ fences }) => shells(fences).flatMap(commands));
  assert.deepEqual(
    all.filter((command) => CHECKED.test(command) && !exists(command)),
    [],
  );
});

test('npx finds the command in a checkout', async () => {
  const env = { ...process.env, npm_config_offline: 'true' };
  const { stdout } = await promisify(execFile)('npx', ['vicinity', '--version'], { cwd: ROOT, env });
  assert.equal(stdout, `${packageJson().version}\n`);
});

function shells(fences: Fence[]): Fence[] {
  return fences.filter(({ language }) => language === 'sh');
}

/** A line that prints the origin of the commands, and then the commands that a shell can run here. */
function runnable({ file, line, text }: Fence): string[] {
  return [
    `echo "@@ ${file}:${line} after $SECONDS s" >&2`,
    ...text.split('\n').filter((each) => !CHECKED.test(each)),
  ];
}

function commands({ text }: Fence): string[] {
  return text
    .trim()
    .split(/\n| && /)
    .map((command) => command.trim());
}

function exists(command: string): boolean {
  const [program, first = '', second = ''] = command.split(' ');
  if (program === 'node') {
    const paths = command
      .split(' ')
      .slice(1)
      .filter((word) => !word.startsWith('--'));
    return paths.every((path) => globSync(path.replaceAll("'", ''), { cwd: ROOT }).length > 0);
  }
  if (['ci', 'install', 'version'].includes(first)) return true;
  return (first === 'run' ? second : first) in packageJson().scripts;
}

function packageJson(): { version: string; scripts: Record<string, string> } {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
}
