import { cpSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { computeClients } from './functions/compute-clients.ts';
import { picturesBeside, readPictureFiles } from './functions/picture-files.ts';
import { frameworkBeside, writeFramework } from './programs/framework.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The entry point of each program. */
export const PROGRAMS = { cli: 'cli/main.ts', sandbox: 'sandbox/main.ts', deploy: 'deploy/main.ts' };

/** Files that the programs execute or serve, and so read from disk, by their place beside the bundles. */
const BESIDE = {
  'functions/preload.cjs': 'local/functions/preload.cjs',
  'dashboard/page': 'dashboard/page',
  guest: 'local/vm/process/guest',
  'nspawn-files': 'local/vm/nspawn/nspawn-files',
};

/** CommonJS packages expect these names, which an ES module lacks. */
const COMMONJS_NAMES = `
  import { createRequire as createRequireOfBundle } from 'node:module';
  const require = createRequireOfBundle(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/**
 * Bundles the `vicinity` command, the local cloud and the deploy program, with every package they use, as `programs/<name>.js` in `dist`:
 * an installed package has no dependencies, and Node strips no types below node_modules. A checkout runs the sources.
 */
export async function buildPrograms(dist: string): Promise<void> {
  const outdir = join(dist, 'programs');
  // All in one folder, so that what is beside the bundles is beside every part of them.
  await build({ ...programOptions(), entryPoints: PROGRAMS, outdir });
  for (const [name, source] of Object.entries(BESIDE))
    cpSync(join(root, source), join(outdir, name), { recursive: true });
  await writeFramework(outdir);
  mkdirSync(join(outdir, 'picture'));
  for (const [name, content] of Object.entries(await readPictureFiles()))
    writeFileSync(join(outdir, name), content);
}

/** How esbuild makes them. */
export function programOptions() {
  return {
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Identifiers keep their names for stack traces, and for a serializer that recognises `Long` by its constructor's name.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    banner: { js: COMMONJS_NAMES },
    plugins: [computeClients(sources(), 'all'), jsonProtosOnly, picturesBeside, frameworkBeside],
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

function sources(): string[] {
  return globSync('{cli,deploy,local,sandbox,shared}/**/*.ts', { cwd: root }).map((file) => join(root, file));
}

/** Google's clients read their protos.json. Their protos.js, 50 MB of code for the same types, is exported for others only. */
const jsonProtosOnly: Plugin = {
  name: 'json-protos-only',
  setup(bundle) {
    bundle.onLoad({ filter: /\/build\/(esm\/|cjs\/)?protos\/protos\.c?js$/ }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};
