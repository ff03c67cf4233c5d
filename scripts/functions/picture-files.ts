import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { pictureFiles } from '../../shared/report/picture-files.ts';

const NAMES = { renderer: 'picture/resvg.wasm', font: 'picture/DejaVuSans.ttf' };

/** What draws a picture, by its place in the function's folder: too large for a bundle, and read by nobody who draws none. */
export async function readPictureFiles(): Promise<Record<string, Uint8Array>> {
  const { renderer, font } = pictureFiles();
  return { [NAMES.renderer]: await readFile(renderer), [NAMES.font]: await readFile(font) };
}

/** In a bundle, the paths of the copies beside it. */
export const picturesBeside: Plugin = {
  name: 'pictures-beside',
  setup(bundle) {
    bundle.onLoad({ filter: /\/shared\/report\/picture-files\.ts$/ }, () => ({
      contents: `
        import { join } from 'node:path';
        export const pictureFiles = () => ({
          renderer: join(__dirname, ${JSON.stringify(NAMES.renderer)}),
          font: join(__dirname, ${JSON.stringify(NAMES.font)}),
        });`,
      resolveDir: import.meta.dirname,
    }));
  },
};
