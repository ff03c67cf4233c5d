import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { pack } from './pack.ts';
import { picturesBeside } from './picture-files.ts';

/** Modules that are loaded when they are first needed, and not with the function, each with the file that it is in. */
export const LATE_MODULES: Record<string, string> = {
  // Its charts alone are half a megabyte.
  'report.cjs': 'shared/report/write-report.ts',
  // Slack's client, for those who have a bot.
  'slack-bot.cjs': 'shared/slack/bot.ts',
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** In a function's bundle the import of a late module stays one, of the file beside the bundle. */
export const lateModules: Plugin = {
  name: 'late-modules',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\.?\/.*\.ts$/, namespace: 'file' }, ({ path, resolveDir }) => {
      const source = relative(root, join(resolveDir, path));
      const [file] = Object.entries(LATE_MODULES).find(([, late]) => late === source) ?? [];
      return file ? { path: `./${file}`, external: true } : undefined;
    });
  },
};

/** Those files by their names. What a module works on, such as the object store, is handed to it: no client is in a bundle twice. */
export async function bundleLateModules(): Promise<Record<string, Uint8Array>> {
  const files = Object.entries(LATE_MODULES).map(
    async ([file, source]) => [file, await bundle(source)] as const,
  );
  return Object.fromEntries(await Promise.all(files));
}

function bundle(source: string): Promise<Uint8Array> {
  return pack({
    entryPoints: [source],
    supported: { 'dynamic-import': false },
    plugins: [picturesBeside],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}
