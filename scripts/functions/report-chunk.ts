import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** What makes reports is loaded when a run ends, and not with the function: its charts alone are half a megabyte. */
export const REPORT_CHUNK = 'report.cjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** In a function's bundle the import of the report's maker stays one, of the file beside the bundle. */
export const lateReport: Plugin = {
  name: 'late-report',
  setup(bundle) {
    bundle.onResolve({ filter: /\/report\/write-report\.ts$/ }, () => ({
      path: `./${REPORT_CHUNK}`,
      external: true,
    }));
  },
};

/** That file: the report's maker with its charts. The store that it reads and writes is handed to it. */
export async function bundleReport(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['shared/report/write-report.ts'],
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const [file] = outputFiles;
  if (!file) throw new Error('esbuild has made nothing of the report.');
  return file.contents;
}
