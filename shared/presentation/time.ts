import { describeSeconds } from '../config/duration.ts';
import type { Status } from '../model/status.ts';

/** `2026-11-24 03:06:43 UTC` of an RFC 3339 time; any other text as it is. */
export function describeMoment(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** How long a finished run took, from its start on the VM. */
export function durationText({ startedAt, finishedAt }: Pick<Status, 'startedAt' | 'finishedAt'>) {
  return startedAt && finishedAt ? describeSeconds(secondsBetween(startedAt, finishedAt)) : undefined;
}

/** Seconds from one RFC 3339 time to another, at least 0. */
export function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
