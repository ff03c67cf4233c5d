import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CloudClock } from '../core/clock.ts';
import { ApiError } from '../http/api-error.ts';
import type { Call } from '../http/call.ts';

/**
 * URLs by which whoever has one may write one object until it expires. They look like Cloud Storage's
 * (https://cloud.google.com/storage/docs/access-control/signed-urls); the key is this process's own.
 */
export class UrlSigner {
  readonly #key = randomBytes(32);
  readonly #clock: CloudClock;

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  /** Path and query of a URL for `PUT`, good for `seconds`. */
  sign(bucket: string, object: string, seconds: number): string {
    const expires = String(Math.floor(this.#clock.now().getTime() / 1000) + seconds);
    const path = `/${bucket}/${object}`;
    const signature = this.#signature(path, expires).toString('hex');
    return `${path}?${new URLSearchParams({ 'X-Goog-Expires': expires, 'X-Goog-Signature': signature })}`;
  }

  /** Throws 403 unless the call is by a URL of ours that has not expired. */
  check(call: Call): void {
    const expires = call.query('X-Goog-Expires') ?? '';
    const given = Buffer.from(call.query('X-Goog-Signature') ?? '', 'hex');
    const wanted = this.#signature(call.url.pathname, expires);
    const isOurs = given.length === wanted.length && timingSafeEqual(given, wanted);
    if (!isOurs) throw refusal('SignatureDoesNotMatch');
    if (Number(expires) * 1000 < this.#clock.now().getTime()) throw refusal('ExpiredToken');
  }

  #signature(path: string, expires: string): Buffer {
    return createHmac('sha256', this.#key).update(`PUT\n${path}\n${expires}`).digest();
  }
}

function refusal(reason: string): ApiError {
  return new ApiError(403, reason, `The signed URL is refused: ${reason}. Ask for a new one.`);
}
