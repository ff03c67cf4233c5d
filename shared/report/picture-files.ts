import { createRequire } from 'node:module';

/** Paths of what draws a picture. Beside a function's bundle they are in a folder of their own (scripts/functions/picture-files.ts). */
export function pictureFiles(): { renderer: string; font: string } {
  const { resolve } = createRequire(import.meta.url);
  return {
    renderer: resolve('@resvg/resvg-wasm/index_bg.wasm'),
    font: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  };
}
