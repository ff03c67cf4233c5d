import { reportName } from '../model/layout.ts';
import type { Status } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { gatherReport, type ReportSettings } from './report-data.ts';
import { reportPage } from './report-page.ts';

export { loadPicture } from './picture.ts';

/**
 * Makes a finished run's report and writes it beside its results. This module and the charts that it needs are half a megabyte: the
 * functions load it when a run ends, and not before.
 */
export async function writeReport(
  objects: ObjectStore,
  status: Status,
  settings: ReportSettings,
): Promise<void> {
  const data = await gatherReport(objects, status, settings);
  await objects.put(reportName(status.runId), reportPage(data, settings.now));
}
