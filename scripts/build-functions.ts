import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CACHE_SUFFIX } from '../shared/artifacts/parts.ts';
import { FUNCTIONS as CATALOGUE } from '../shared/model/functions.ts';
import { bundleFunction } from './functions/bundle.ts';
import { bundleLateModules } from './functions/late-modules.ts';
import { packageFiles } from './functions/package-json.ts';
import { readPictureFiles } from './functions/picture-files.ts';

export const FUNCTIONS = CATALOGUE.map(({ name }) => name);

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Makes of each function the folder that is deployed, `dist/functions/<name>/`: its bundle index.cjs, the maker of reports, what draws pictures,
 * what starts it (framework/) and the manifests; then its code cache for the Node that runs this. Returns the folder of the folders.
 */
export async function buildFunctions(outdir = join(dirname(here), 'dist', 'functions')): Promise<string> {
  const beside = { ...(await bundleLateModules()), ...(await readPictureFiles()) };
  await Promise.all(
    FUNCTIONS.map(async (name) => {
      await writePackage(join(outdir, name), name, { 'index.cjs': await bundleFunction(name), ...beside });
    }),
  );
  return outdir;
}

/** Writes the folder of a function, given its bundles and what is beside them. bench/cold-start packs an empty function in the same way. */
export async function writePackage(
  folder: string,
  name: string,
  files: Record<string, Uint8Array>,
): Promise<void> {
  // V8 tells a script by its length: the cache of another one must not stay.
  for (const file of globSync(`*${CACHE_SUFFIX}`, { cwd: folder }))
    await rm(join(folder, file), { force: true });
  for (const [file, content] of Object.entries(files)) await replaceFile(join(folder, file), content);
  for (const [path, content] of Object.entries(packageFiles(name))) {
    await replaceFile(join(folder, path), `${JSON.stringify(content, null, 2)}\n`);
  }
  const framework = join(here, 'functions', 'framework');
  for (const file of globSync('*.cjs', { cwd: framework })) {
    await replaceFile(join(folder, 'framework', file), await readFile(join(framework, file)));
  }
  await promisify(execFile)(process.execPath, ['framework/make-cache.cjs'], { cwd: folder });
}

/** In one step: a local cloud may be starting a function from it right now. */
async function replaceFile(path: string, contents: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, path);
}
