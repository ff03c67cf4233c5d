import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Bundles the `vicinity` command, the local cloud and the deploy program for an installed package, since Node strips no types below node_modules.
 * A checkout runs the sources.
 */
export async function buildPrograms(dist: string): Promise<void> {
  await Promise.all(['cli', 'sandbox', 'deploy'].map((program) => bundle(program, join(dist, program))));
  // What is run or copied as a file, and so is not in a bundle.
  cpSync(join(root, 'local/functions/preload.cjs'), join(dist, 'sandbox/functions/preload.cjs'));
  cpSync(join(root, 'dashboard/page'), join(dist, 'dashboard/page'), { recursive: true });
  cpSync(join(root, 'local/vm/process/guest'), join(dist, 'sandbox/guest'), { recursive: true });
  cpSync(join(root, 'local/vm/nspawn/nspawn-files'), join(dist, 'sandbox/nspawn-files'), { recursive: true });
}

async function bundle(program: string, outdir: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { main: `${program}/main.ts` },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    packages: 'external',
    logLevel: 'warning',
  });
}
