import type { Message, Trigger } from '../model/message.ts';
import { lastFiring, type Timing } from './cron.ts';

/**
 * How late a firing may be published and still be the scheduled one. Cloud Scheduler tries for some minutes; what comes later, or
 * between two firings, was fired by a person.
 */
export const GRACE_MINUTES = 30;

/** The configured schedules by name. A job's messages carry its name in the attribute `schedule`. */
export type Schedules = Record<string, Timing>;

/** Identity of the run that a schedule's firing asks for, whenever it is published. */
export function firingTrigger(name: string, dueAt: Date): Trigger {
  return { key: `schedule:${name}:${dueAt.toISOString()}`, at: dueAt };
}

/**
 * The firing that a Scheduler message stands for: the one that was due within the last half hour; else, and for a job that
 * vicinity.yaml does not know, the minute of its publication, because Scheduler may publish one firing twice. Undefined for a message
 * of anybody else.
 */
export function firingOf(message: Message, schedules: Schedules): { name: string; dueAt: Date } | undefined {
  const name = message.attributes.schedule;
  if (!name) return undefined;
  const published = new Date(message.publishedAt);
  const timing = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
  const due = timing && lastFiring(timing, published);
  const late = due ? published.getTime() - due.getTime() : Number.POSITIVE_INFINITY;
  return { name, dueAt: due && late <= GRACE_MINUTES * 60_000 ? due : minuteOf(message) };
}

/** The minute in which the message was published. */
export function minuteOf({ publishedAt }: Message): Date {
  return new Date(Math.floor(Date.parse(publishedAt) / 60_000) * 60_000);
}
