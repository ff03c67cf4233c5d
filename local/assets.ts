import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUpToDate } from '../shared/freshness.ts';
import { FUNCTIONS } from './functions/catalogue.ts';

/** The one place that knows where the parts are that the local cloud runs but does not import. */

const HERE = dirname(fileURLToPath(import.meta.url));
/** A checkout runs the sources; an installed package runs what `scripts/build.ts` has made of them, in dist/. */
const IS_CHECKOUT = import.meta.url.endsWith('.ts');
/** Top of the checkout or of the installed package. */
const PACKAGE = join(HERE, IS_CHECKOUT ? '..' : '../..');

/** The main program of the functions framework, beside the library that its package exports. */
export function functionsFramework(): string {
  const library = createRequire(import.meta.url).resolve('@google-cloud/functions-framework');
  return join(dirname(library), 'main.js');
}

export function functionsPreload(): string {
  return join(HERE, 'functions', 'preload.cjs');
}

/** The folder with a bundle per function; in a checkout it is built where it is older than the sources. */
export async function functionsDir(): Promise<string> {
  const built = join(PACKAGE, 'dist', 'functions');
  const bundles = FUNCTIONS.map(({ name }) => join(built, name, 'index.cjs'));
  const sources = ['functions', 'shared', 'scripts', 'package-lock.json'].map((path) => join(PACKAGE, path));
  if (!IS_CHECKOUT || isUpToDate(bundles, sources)) return built;
  const { buildFunctions } = await builder<{ buildFunctions(): Promise<string> }>(
    'scripts/build-functions.ts',
  );
  return buildFunctions();
}

/** The startup script in one piece, as it is set on the instance. */
export async function startupScript(): Promise<string> {
  if (!IS_CHECKOUT) return readFileSync(join(PACKAGE, 'dist', 'startup.sh'), 'utf8');
  const { bundleStartupScript } = await builder<{ bundleStartupScript(): string }>(
    'startup-script/bundle.ts',
  );
  return bundleStartupScript();
}

/** A small pipeline to try things with. */
export function examplePipeline(): string {
  return join(PACKAGE, 'examples', 'vicinity');
}

/** The `vicinity` command, or undefined where it is not part of the package. */
export function vicinityCommand(): string | undefined {
  const command = join(PACKAGE, 'cli', 'bin', 'vicinity.cjs');
  return existsSync(command) ? command : undefined;
}

/** By a path that is only known at run time: an installed package has no builders. */
async function builder<T>(path: string): Promise<T> {
  return (await import(join(PACKAGE, path))) as T;
}
