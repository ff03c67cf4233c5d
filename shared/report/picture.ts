import { createRequire } from 'node:module';
import { telemetryName } from '../model/layout.ts';
import type { Status } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { parseTelemetry } from '../telemetry/samples.ts';
import { loadChart } from './load-chart.ts';
import { PICTURE_PALETTE } from './palette.ts';

const SIZE = { width: 960, height: 440 };
const FONT = 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf';

/** The report's chart of a run as PNG, for where no SVG is shown; undefined where there is no telemetry. */
export async function loadPicture(objects: ObjectStore, { runId }: Status): Promise<Buffer | undefined> {
  const samples = parseTelemetry((await objects.read(telemetryName(runId)))?.text ?? '');
  if (samples.length < 2) return undefined;
  // A native module, and a font: not part of any bundle, and only here where a picture is wanted.
  const { Resvg } = await import('@resvg/resvg-js');
  const font = {
    fontFiles: [createRequire(import.meta.url).resolve(FONT)],
    loadSystemFonts: false,
    defaultFontFamily: 'DejaVu Sans',
  };
  return new Resvg(loadChart(samples, SIZE, PICTURE_PALETTE), { font, fitTo: { mode: 'zoom', value: 1.5 } })
    .render()
    .asPng();
}
