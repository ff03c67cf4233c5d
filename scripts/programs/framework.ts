import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { FRAMEWORK } from '../functions/bundle.ts';
import { pack } from '../functions/pack.ts';
import { frameworkManifest } from '../functions/package-json.ts';

const MAIN = '@google-cloud/functions-framework/main.cjs';

/** In the bundle of the local cloud, the path of the copy of the functions framework beside it. */
export const frameworkBeside: Plugin = {
  name: 'framework-beside',
  setup(bundle) {
    bundle.onLoad({ filter: /\/local\/functions\/framework\.ts$/ }, () => ({
      contents: `
        import { join } from 'node:path';
        export const functionsFramework = () => join(__dirname, ${JSON.stringify(MAIN)});`,
      resolveDir: import.meta.dirname,
    }));
  },
};

/** Writes the functions framework as a package of one file: the registry of functions must not exist twice. */
export async function writeFramework(outdir: string): Promise<void> {
  const contents = `
    export * from '@google-cloud/functions-framework';
    if (require.main === module) require(${JSON.stringify(FRAMEWORK)});`;
  const bundle = await pack({ stdin: { contents, resolveDir: import.meta.dirname } });
  const main = join(outdir, MAIN);
  mkdirSync(dirname(main), { recursive: true });
  writeFileSync(main, bundle);
  writeFileSync(
    join(dirname(main), 'package.json'),
    JSON.stringify({ ...frameworkManifest(), main: 'main.cjs' }),
  );
}
