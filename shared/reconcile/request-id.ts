import { sha256 } from '../model/message.ts';

/**
 * The `requestId` of a Compute Engine call: a UUID (version 8, RFC 9562) that is a function of run, attempt and call, so that
 * a repetition of the same call has no second effect.
 */
export function callId(runId: string, attempt: number, call: number | string): string {
  const hex = sha256(`${runId} ${attempt} ${call}`);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
