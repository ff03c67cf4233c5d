import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { bundleReport, lateReport, REPORT_CHUNK } from './functions/report-chunk.ts';

export const FUNCTIONS = ['start-run', 'finish-run', 'sweep-runs'] as const;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/**
 * Bundles each function into one file, `dist/functions/<name>/index.cjs`. functions-framework stays outside: its registry of
 * functions must be the one of the process that serves them. Returns the folder of the bundles.
 */
export async function buildFunctions(outdir = join(root, 'dist', 'functions')): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(FUNCTIONS.map((name) => [`${name}/index`, `functions/${name}/index.ts`])),
    outdir,
    write: false,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // Renaming classes breaks protobufjs, which recognises `Long` by its constructor's name.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    external: ['@google-cloud/functions-framework'],
    // What is loaded late is a `require` as well, whatever loads the bundle.
    supported: { 'dynamic-import': false },
    plugins: [computeClients, lateReport],
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(({ path, contents }) => replaceFile(path, contents)));
  const report = await bundleReport();
  await Promise.all(FUNCTIONS.map((name) => replaceFile(join(outdir, name, REPORT_CHUNK), report)));
  return outdir;
}

/** In one step: a local cloud may be starting a function from it right now. */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, path);
}

/** The compute package has a hundred clients and loads them all; a function needs two. */
const computeClients: Plugin = {
  name: 'compute-clients',
  setup(bundle) {
    const clients = dirname(require.resolve('@google-cloud/compute/build/src/v1/instances_client'));
    bundle.onResolve({ filter: /^@google-cloud\/compute$/ }, () => ({
      path: 'compute',
      namespace: 'compute-clients',
    }));
    bundle.onLoad({ filter: /.*/, namespace: 'compute-clients' }, () => ({
      resolveDir: clients,
      contents: `
        export { InstancesClient } from './instances_client.js';
        export { ZoneOperationsClient } from './zone_operations_client.js';`,
    }));
  },
};
