import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { computeClients } from './compute-clients.ts';
import { lateModules } from './late-modules.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { pack } from './pack.ts';
import { slimModules } from './slim-modules.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(import.meta.url);

/** The main program of the functions framework, beside the library that its package exports. */
export const FRAMEWORK = join(dirname(require.resolve('@google-cloud/functions-framework')), 'main.js');

/**
 * One function in one CommonJS file, the functions framework with its registry in it. Exports the handler under its target's name, and
 * `listen`, which runs the framework's main program.
 */
export async function bundleFunction(name: string): Promise<Uint8Array> {
  return bundle(`
    import './scripts/functions/zod-without-jit.ts';
    export * from './functions/${name}/index.ts';
    export const listen = () => void require(${JSON.stringify(FRAMEWORK)});`);
}

/** A file that registers its function with the framework by itself, packed in the same way: what the packing alone costs. */
export async function bundle(entry: string): Promise<Uint8Array> {
  const stdin = { contents: entry, resolveDir: root };
  const sources = await ownSources(stdin);
  return pack({
    stdin,
    outfile: 'index.cjs',
    // A serializer recognises `Long` and `Any` by their constructors' names.
    keepNames: true,
    inject: [join(root, 'scripts/functions/fetch-globals.js')],
    // A module that stays outside is a `require` as well: the script has no importer of its own.
    supported: { 'dynamic-import': false },
    define: { 'globalThis.fetch': 'fetch', 'globalThis.Headers': 'Headers' },
    plugins: [
      computeClients(sources, 'named in the sources'),
      slimModules,
      lazyBuiltins,
      zodInUse,
      lateModules,
    ],
  });
}

/** The files of this repository that are in the bundle, by their absolute paths. */
async function ownSources(stdin: { contents: string; resolveDir: string }): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    stdin,
    write: false,
    bundle: true,
    platform: 'node',
    packages: 'external',
    metafile: true,
    logLevel: 'silent',
  });
  const files = Object.keys(metafile.inputs).filter((file) => /^(shared|functions)\//.test(file));
  return files.map((file) => join(root, file));
}

/** `z` as a namespace, of which the bundler can leave out what nobody uses; as an object it stays whole. */
const zodInUse: Plugin = {
  name: 'zod-in-use',
  setup({ onLoad }) {
    onLoad({ filter: /\/(shared|functions)\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("import { z } from 'zod'", "import * as z from 'zod'"),
      loader: 'ts',
    }));
  },
};
