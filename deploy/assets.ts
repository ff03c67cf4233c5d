import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isUpToDate } from '../shared/freshness.ts';
import { FUNCTIONS, type FunctionName } from '../shared/model/functions.ts';
import type { SourceFile } from './table/resource.ts';

/** The one place that knows where the parts are that are deployed. */

/** A checkout builds them from its sources; an installed package has them in dist/. */
const IS_CHECKOUT = import.meta.url.endsWith('.ts');
const PACKAGE = path.join(import.meta.dirname, IS_CHECKOUT ? '..' : '../..');

/** Of the code cache beside a bundle. Google Cloud makes its own for the Node that it has. */
export const CACHE_SUFFIX = '.cache';

/** The startup script in one piece, as it is set on the instance. */
export async function startupScript(): Promise<string> {
  if (!IS_CHECKOUT) return readFileSync(path.join(PACKAGE, 'dist', 'startup.sh'), 'utf8');
  const { bundleStartupScript } = await builder<{ bundleStartupScript(): string }>(
    'startup-script/bundle.ts',
  );
  return bundleStartupScript();
}

/** The files of each function, as they are uploaded. */
export async function functionSources(): Promise<Record<FunctionName, SourceFile[]>> {
  const folder = await functionsFolder();
  const entries = FUNCTIONS.map(({ name }) => [name, filesOf(path.join(folder, name))] as const);
  return Object.fromEntries(entries) as Record<FunctionName, SourceFile[]>;
}

/** Holds a folder per function; in a checkout it is built where it is older than the sources. */
export async function functionsFolder(): Promise<string> {
  const built = path.join(PACKAGE, 'dist', 'functions');
  const bundles = FUNCTIONS.map(({ name }) => path.join(built, name, 'index.cjs'));
  const sources = ['functions', 'shared', 'scripts', 'package-lock.json'].map((each) =>
    path.join(PACKAGE, each),
  );
  if (!IS_CHECKOUT || isUpToDate(bundles, sources)) return built;
  const { buildFunctions } = await builder<{ buildFunctions(): Promise<string> }>(
    'scripts/build-functions.ts',
  );
  return buildFunctions();
}

function filesOf(folder: string): SourceFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(CACHE_SUFFIX))
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return { name: path.relative(folder, file).replaceAll(path.sep, '/'), content: readFileSync(file) };
    });
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** By a path that is only known at run time: an installed package has no builders. */
async function builder<T>(file: string): Promise<T> {
  return (await import(path.join(PACKAGE, file))) as T;
}
