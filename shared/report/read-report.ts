import { costSettings } from '../config/costs.ts';
import type { Config } from '../config/schema.ts';
import { reportName } from '../model/layout.ts';
import { isFinished, type Status } from '../model/status.ts';
import type { ObjectStore } from '../ports/objects.ts';

/** The report that the control plane wrote of a finished run, or one of what is known so far. */
export async function readReport(
  objects: ObjectStore,
  status: Status,
  config: Config,
  now: Date,
): Promise<string> {
  const stored = isFinished(status) ? await objects.read(reportName(status.runId)) : undefined;
  if (stored) return stored.text;
  // The charts are half a megabyte.
  const { gatherReport } = await import('./report-data.ts');
  const { reportPage } = await import('./report-page.ts');
  const settings = { now, machineTypes: config.machineTypes, costs: costSettings(config) };
  return reportPage(await gatherReport(objects, status, settings), now);
}
