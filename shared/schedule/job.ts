import type { ScheduleConfig } from '../config/schema.ts';

/** Id of the Cloud Scheduler job of a schedule of vicinity.yaml. */
export const scheduleJobId = (name: string) => `vicinity-${name}`;

/** The message that a schedule's job publishes to `vicinity-run`, every time the same. */
export function scheduleMessage(
  name: string,
  { cron, timeZone, ...request }: ScheduleConfig,
): { data: string; attributes: Record<string, string> } {
  const data = JSON.stringify({ ...request, requestedBy: `schedule ${name}` });
  return { data, attributes: { schedule: name } };
}
