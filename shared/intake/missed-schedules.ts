import { regionOf } from '../config/names.ts';
import type { Message } from '../model/message.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { SENDING_SECONDS } from '../reconcile/send-notification.ts';
import { secondsBetween } from '../reconcile/timeouts.ts';
import { lastFiring, type Timing } from '../schedule/cron.ts';
import { firingOf, firingTrigger, GRACE_MINUTES, type Schedules } from '../schedule/firing.ts';
import { changeRecord, type ScheduleRecord } from '../schedule/record.ts';
import { findAccepted } from './accept-run.ts';

/**
 * Reports a scheduled run that nobody requested in time: the job is paused or gone, or its message cannot be handled. Nobody else
 * would notice. Of overlapping sweeps one reports it. Throws TransientError where Slack or the bucket cannot be reached.
 */
export async function reportMissedSchedules(deps: Dependencies, schedules: Schedules): Promise<void> {
  for (const [name, timing] of Object.entries(schedules)) {
    let isResend = false;
    const written = await changeRecord(deps.objects, name, async (record) => {
      isResend = record?.reporting !== undefined;
      return checkSchedule(deps, name, timing, record);
    });
    if (!written?.reporting) continue;
    await reportMissed(deps, name, new Date(written.reporting.due), isResend);
    await changeRecord(deps.objects, name, async (record) => record && withoutReporting(record));
  }
}

function withoutReporting({ reporting: _, ...record }: ScheduleRecord): ScheduleRecord {
  return record;
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
  // Another sweep is reporting it, or has failed at it.
  if (record.reporting) {
    const isOver = secondsBetween(record.reporting.at, now) >= SENDING_SECONDS;
    return isOver ? { ...record, reporting: { ...record.reporting, at: now.toISOString() } } : undefined;
  }
  if (record.paused) return undefined;
  const due = lastFiring(record, new Date(now.getTime() - GRACE_MINUTES * 60_000));
  if (!due || due.toISOString() <= record.checkedUntil) return undefined;
  const checked = { ...record, checkedUntil: due.toISOString() };
  if (await findAccepted(deps.objects, firingTrigger(name, due))) return checked;
  return { ...checked, reporting: { due: due.toISOString(), at: now.toISOString() } };
}

async function reportMissed(
  { notifier, instance, log }: Dependencies,
  schedule: string,
  due: Date,
  resend: boolean,
): Promise<void> {
  const notification = { schedule, due: due.toISOString(), region: regionOf(instance) };
  const delivery = await notifier.notify({ event: 'missed-schedule', ...notification, resend });
  log({ message: 'A scheduled run was missed.', ...notification, ...delivery });
}
