import { regionOf } from '../config/names.ts';
import type { Message } from '../model/message.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { lastFiring, type Timing } from '../schedule/cron.ts';
import { firingOf, firingTrigger, GRACE_MINUTES, type Schedules } from '../schedule/firing.ts';
import { changeRecord, type ScheduleRecord } from '../schedule/record.ts';
import { findAccepted } from './accept-run.ts';

/**
 * Tells people, once, of a scheduled run that nobody asked for in time: the job is paused or gone, or its message cannot be handled.
 * Nobody else would notice that nothing happened. Throws TransientError where it cannot be told or looked up now.
 */
export async function reportMissedSchedules(deps: Dependencies, schedules: Schedules): Promise<void> {
  for (const [name, timing] of Object.entries(schedules)) {
    await changeRecord(deps.objects, name, (record) => checkSchedule(deps, name, timing, record));
  }
}

/** A scheduled request that was refused has been told already. */
export async function noteRefusedSchedule(
  objects: ObjectStore,
  message: Message,
  schedules: Schedules,
): Promise<void> {
  const due = firingOf(message, schedules);
  if (!due) return;
  const checkedUntil = due.dueAt.toISOString();
  await changeRecord(objects, due.name, async (record) =>
    record && record.checkedUntil < checkedUntil ? { ...record, checkedUntil } : undefined,
  );
}

/** The record as it is afterwards, or undefined where it stays as it is. */
async function checkSchedule(
  deps: Dependencies,
  name: string,
  { cron, timeZone }: Timing,
  record: ScheduleRecord | undefined,
): Promise<ScheduleRecord | undefined> {
  const now = deps.clock.now();
  if (record?.cron !== cron || record.timeZone !== timeZone)
    return { ...record, cron, timeZone, checkedUntil: now.toISOString() };
  if (record.paused) return undefined;
  const due = lastFiring(record, new Date(now.getTime() - GRACE_MINUTES * 60_000));
  if (!due || due.toISOString() <= record.checkedUntil) return undefined;
  if (!(await findAccepted(deps.objects, firingTrigger(name, due)))) await reportMissed(deps, name, due);
  return { ...record, checkedUntil: due.toISOString() };
}

async function reportMissed(
  { notifier, instance, log }: Dependencies,
  schedule: string,
  due: Date,
): Promise<void> {
  const notification = { schedule, due: due.toISOString(), region: regionOf(instance) };
  const delivery = await notifier.notify({ event: 'missed-schedule', ...notification, resend: false });
  log({ message: 'A scheduled run was missed.', ...notification, ...delivery });
}
