import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTIONS } from '../model/functions.ts';
import { isUpToDate } from './freshness.ts';

/** A checkout runs the sources; an installed package runs what `scripts/build.ts` has made of them, in dist/. */
const IS_CHECKOUT = import.meta.url.endsWith('.ts');

/** Top of the checkout or of the installed package: this file is in shared/artifacts/, or in a bundle below dist/. */
export const PACKAGE = join(import.meta.dirname, '../..');

/** Of the code cache beside a bundle. It is for the Node that made it: Google Cloud makes its own (`npm run gcp-build`). */
export const CACHE_SUFFIX = '.cache';

/** Holds a folder per function with its bundle; in a checkout it is built where it is older than the sources. */
export async function functionsFolder(): Promise<string> {
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

/** By a path that is only known at run time: an installed package has no builders. */
async function builder<T>(path: string): Promise<T> {
  return (await import(join(PACKAGE, path))) as T;
}
