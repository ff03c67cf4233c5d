import { readFile } from 'node:fs/promises';
import { pictureFiles } from './picture-files.ts';

const ZOOM = 1.5;
const FONT_FAMILY = 'DejaVu Sans';

/** The renderer may be set up once in a process. */
let ready: ReturnType<typeof setUp> | undefined;

/** An SVG as PNG, in the font that is shipped: the same everywhere. Renderer and font are read when the first one is drawn. */
export async function renderPng(svg: string): Promise<Buffer> {
  ready ??= setUp();
  const { Resvg, font } = await ready;
  const drawing = new Resvg(svg, {
    font: { fontBuffers: [font], defaultFontFamily: FONT_FAMILY },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  const image = drawing.render();
  try {
    return Buffer.from(image.asPng());
  } finally {
    image.free();
    drawing.free();
  }
}

async function setUp() {
  const { renderer, font } = pictureFiles();
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  await initWasm(await readFile(renderer));
  return { Resvg, font: await readFile(font) };
}
