/** `24 Nov 2026, 03:06 UTC` of an RFC 3339 time; any other text as it is. */
export function describeTime(time: string): string {
  const [, day = '', month, year, clock] =
    /^\w+, (\d+) (\w+) (\d+) (\d\d:\d\d)/.exec(new Date(time).toUTCString()) ?? [];
  return clock === undefined ? time : `${Number(day)} ${month} ${year}, ${clock} UTC`;
}
