/** `2026-11-24 03:06:43 UTC` of an RFC 3339 time. */
export function describeMoment(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
