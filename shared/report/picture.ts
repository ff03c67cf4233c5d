import { telemetryName } from '../model/layout.ts';
import type { Status } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { parseTelemetry } from '../telemetry/samples.ts';
import { loadChart } from './load-chart.ts';
import { PICTURE_PALETTE } from './palette.ts';
import { renderPng } from './render-png.ts';

const SIZE = { width: 960, height: 440 };

/** The report's chart of a run as PNG, for where no SVG is shown; undefined where there is no telemetry. */
export async function loadPicture(objects: ObjectStore, { runId }: Status): Promise<Buffer | undefined> {
  const samples = parseTelemetry((await objects.read(telemetryName(runId)))?.text ?? '');
  if (samples.length < 2) return undefined;
  return renderPng(loadChart(samples, SIZE, PICTURE_PALETTE));
}
