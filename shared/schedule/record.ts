import { z } from 'zod';
import { scheduleName } from '../model/layout.ts';
import { parseJson } from '../parse-json.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { toText } from '../records/documents.ts';

/** What the control plane remembers of a schedule: `control/schedules/<name>.json`. */
export const scheduleRecordSchema = z.object({
  cron: z.string(),
  timeZone: z.string(),
  /** RFC 3339. What was due until then became a run, was refused, or was reported as missed; or the schedule was not known yet. */
  checkedUntil: z.string(),
  /** A missed firing that is being reported, and since when. Removed once Slack has the message. */
  reporting: z.object({ due: z.string(), at: z.string() }).optional(),
  /** Somebody paused it: nothing is missed meanwhile. */
  paused: z.object({ at: z.string(), by: z.string().optional() }).optional(),
});
export type ScheduleRecord = z.output<typeof scheduleRecordSchema>;

/**
 * Replaces a schedule's record with what `change` makes of it; undefined leaves it alone. Returns the record that was written. Of two
 * writers at once the later one writes nothing.
 */
export async function changeRecord(
  objects: ObjectStore,
  schedule: string,
  change: (record: ScheduleRecord | undefined) => Promise<ScheduleRecord | undefined>,
): Promise<ScheduleRecord | undefined> {
  const name = scheduleName(schedule);
  const stored = await objects.read(name);
  // A damaged record is written anew: what was due before is not reported.
  const record = scheduleRecordSchema.safeParse(parseJson(stored?.text ?? '')).data;
  const next = await change(record);
  if (!next) return undefined;
  const isWritten = stored
    ? (await objects.replace(name, toText(next), stored.generation)) === 'replaced'
    : (await objects.create(name, toText(next))) === 'created';
  return isWritten ? next : undefined;
}
