import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unpackZip } from './unpack.ts';

const FRAMEWORK = '@google-cloud/functions-framework';
const BUILD_DEADLINE_MS = 120_000;

export interface BuildOptions {
  archive: Buffer;
  /** Emptied first; then it holds the function. */
  folder: string;
  /** Main program of our functions framework, and so its package. */
  framework: string;
  path: string;
}

interface Manifest {
  dependencies?: Record<string, string>;
  scripts?: Record<string, string>;
  bin?: Record<string, string>;
}

/**
 * What Google's buildpack makes of a Node function's source, without the network: of the registry's packages there is the
 * functions framework alone, and packages that the source brings along (`file:`). Runs the script `gcp-build`.
 * Returns the program that serves the function. Throws why it cannot be built, for people.
 */
export async function buildFunction({ archive, folder, framework, path }: BuildOptions): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  unpackZip(archive, folder);
  const { dependencies = {}, scripts = {} } = manifestOf(folder);
  for (const [name, version] of Object.entries(dependencies)) install(folder, name, version, framework);
  if (!existsSync(join(folder, 'node_modules', FRAMEWORK))) install(folder, FRAMEWORK, '*', framework);
  const script = scripts['gcp-build'];
  if (script) await run(script, folder, path);
  return programOf(folder, framework);
}

function manifestOf(folder: string): Manifest {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) throw new Error('The source has no package.json at its top.');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (cause) {
    throw new Error('The package.json of the source is not JSON.', { cause });
  }
}

/** As a link, like npm's of a local package. */
function install(folder: string, name: string, version: string, framework: string): void {
  const target = packageOf(folder, name, version, framework);
  const link = join(folder, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, link);
}

function packageOf(folder: string, name: string, version: string, framework: string): string {
  if (version.startsWith('file:')) return join(folder, version.slice('file:'.length));
  if (name === FRAMEWORK) return ourFramework(framework);
  throw new Error(
    `npm would install ${name} ${version}; the local cloud has no registry. Bundle it into the function.`,
  );
}

/** The package that the program `framework` is in. */
function ourFramework(framework: string): string {
  const end = framework.indexOf(FRAMEWORK) + FRAMEWORK.length;
  return framework.slice(0, end);
}

/** What npm puts at node_modules/.bin/functions-framework. */
function programOf(folder: string, framework: string): string {
  const installed = join(folder, 'node_modules', FRAMEWORK);
  const { bin = {} } = manifestOf(installed);
  const program = bin['functions-framework'];
  return program ? join(installed, program) : framework;
}

async function run(script: string, folder: string, path: string): Promise<void> {
  try {
    const options = { cwd: folder, env: { PATH: path, HOME: folder }, timeout: BUILD_DEADLINE_MS };
    await promisify(execFile)('sh', ['-c', script], options);
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new Error(`The script gcp-build failed: ${stderr.trim() || (cause as Error).message}`, { cause });
  }
}
