import { z } from 'zod';

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const DURATION = /^(\d{1,6})(s|m|h|d)$/;

/** Seconds of a duration such as `20h`, `90m` or `30s`; undefined where the text is none. */
export function durationSeconds(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return count && unit ? Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS] : undefined;
}

/** Seconds as people write them: `45 s`, `3 min 20 s`, `10 h 12 min`. */
export function describeSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  const minutes = Math.round((whole % 3600) / 60);
  const hours = Math.floor(whole / 3600) + (minutes === 60 ? 1 : 0);
  return minutes % 60 ? `${hours} h ${minutes} min` : `${hours} h`;
}

/** A duration between two bounds, in the notation of `vicinity.yaml`. Compute Engine's maxRunDuration takes 30 s to 120 d. */
export function duration(least: string, most: string) {
  const message = `must be a duration such as 90m or 20h, between ${least} and ${most}`;
  return z
    .string()
    .regex(DURATION, message)
    .refine((text) => {
      const seconds = durationSeconds(text);
      const isGiven = seconds === undefined;
      return isGiven || (seconds >= (durationSeconds(least) ?? 0) && seconds <= (durationSeconds(most) ?? 0));
    }, message);
}
