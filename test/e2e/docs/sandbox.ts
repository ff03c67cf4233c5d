import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { withoutGcloud } from '../../../local/test/support/gcloud.ts';
import { STAND_INS } from '../../../local/vm/process/machine-folder.ts';
import { type Fence, ROOT } from '../../docs/markdown.ts';

const COMMAND = join(ROOT, 'cli/bin/vicinity.cjs');
const DEADLINE_MS = 150_000;

/**
 * Replaces npx: runs the command of this checkout, and gives the local cloud free ports, because a developer may use the
 * default ports.
 */
const NPX = `#!/bin/sh
[ "$1" = vicinity ] || { echo "npx $*: only vicinity is here" >&2; exit 127; }
shift
if [ "$1 $2" = 'local up' ]; then shift 2; set -- local up --port-base 0 "$@"; fi
exec '${process.execPath}' '${COMMAND}' "$@"
`;

const WITHOUT_GCLOUD = `gcloud() { echo 'gcloud $1: ${withoutGcloud}' >&2; }`;

export interface Ran {
  exitCode: number;
  /** The complete output; a line such as `@@ README.md:12` begins each block. */
  output: string;
}

/** A repository in a temporary folder, with its own home directory and without network access. */
export class Sandbox {
  readonly directory: string;
  readonly #top = mkdtempSync(join(tmpdir(), 'docs-'));

  constructor() {
    this.directory = join(this.#top, 'pipeline');
    mkdirSync(this.directory);
    mkdirSync(join(this.#top, 'bin'));
    writeFileSync(join(this.#top, 'bin', 'npx'), NPX, { mode: 0o755 });
  }

  /** Adds the tracked files and the input of the example pipeline. */
  addExample(): void {
    const parts = [
      'pipeline',
      'inputs',
      'tiles/web',
      'Makefile',
      'vicinity.yaml',
      'requirements.txt',
      '.gitignore',
    ];
    for (const part of parts)
      cpSync(join(ROOT, 'examples/vicinity', part), join(this.directory, part), { recursive: true });
  }

  /** Writes the files that blocks with a title show. */
  addFiles(fences: Fence[]): void {
    for (const { title, text } of fences.filter((fence) => fence.title !== ''))
      writeFileSync(join(this.directory, title), text);
  }

  /** Adds the link that `npm install --save-dev` creates for the path of a checkout. */
  addPackage(): void {
    const modules = join(this.directory, 'node_modules');
    mkdirSync(modules);
    symlinkSync(ROOT, join(modules, 'vicinity-control-plane'));
  }

  /** Runs lines in one bash, until the first one that fails. */
  async run(lines: string[]): Promise<Ran> {
    const script = ['set -euo pipefail', ...(withoutGcloud ? [WITHOUT_GCLOUD] : []), ...lines].join('\n');
    const child = spawn('bash', ['-c', script], {
      cwd: this.directory,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE_MS,
    });
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null, string | null]>,
    ]);
    const late = signal ? `\nended by ${signal} after ${DEADLINE_MS / 1000} s` : '';
    return { exitCode: code ?? 1, output: `${stdout}\n${stderr}${late}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(['npx vicinity local down']);
    rmSync(this.#top, { recursive: true });
  }

  #environment(): Record<string, string> {
    const { PATH = '' } = process.env;
    return {
      PATH: [join(this.#top, 'bin'), dirname(process.execPath), PATH, STAND_INS].join(delimiter),
      HOME: this.#top,
      NO_COLOR: '1',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      GIT_AUTHOR_NAME: 'A writer',
      GIT_AUTHOR_EMAIL: 'writer@example.com',
      GIT_COMMITTER_NAME: 'A writer',
      GIT_COMMITTER_EMAIL: 'writer@example.com',
    };
  }
}
