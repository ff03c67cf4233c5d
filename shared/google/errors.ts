import { NotFoundError, PermissionError, TransientError, triedAgainLater } from '../errors.ts';

/** What the SDKs put on their errors: an HTTP status or a gRPC code, a reason, a network code. */
interface SdkError {
  code?: number | string;
  httpStatusCode?: number;
  status?: number;
  reason?: string;
  errors?: { reason?: string }[];
  message?: string;
  cause?: unknown;
}

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html to HTTP, as google.rpc.Code documents it. */
const HTTP_OF_GRPC: Record<number, number> = {
  1: 499,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 412,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};
/** https://cloud.google.com/compute/docs/api/best-practices#client-errors: a 403 that passes. */
const PASSING_REASONS = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED']);
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** The HTTP status of an SDK's error, whichever way it tells it. */
export function httpStatus(error: unknown): number | undefined {
  const { httpStatusCode, code, status } = (error ?? {}) as SdkError;
  if (httpStatusCode) return httpStatusCode;
  if (typeof code === 'number') return code < 20 ? HTTP_OF_GRPC[code] : code;
  if (typeof code === 'string' && /^\d{3}$/.test(code)) return Number(code);
  return status;
}

/**
 * An SDK's error as one of ours. `subject` names the call and its object: "read gs://bucket/name". A passing fault that is ours already,
 * such as an answer that did not come in time, stays as it is.
 */
export function domainError(error: unknown, subject: string): Error {
  if (error instanceof TransientError) return error;
  const status = httpStatus(error);
  const message = messageOf(error, status);
  const options = { cause: error };
  if (isPassing(error, status)) return triedAgainLater(`${subject}: ${sentence(message)}`, options);
  if (status === 404) return new NotFoundError(`${subject}: it does not exist. ${message}`, options);
  if (status === 401 || status === 403) {
    return new PermissionError(
      `${subject}: the account may not (${status}). ${sentence(message)} Grant it the role that docs/guide/security.md lists for it.`,
      options,
    );
  }
  return new Error(`${subject}: ${message}`, options);
}

/** A proxy, or a balancer, may answer without a word. */
function messageOf(error: unknown, status: number | undefined): string {
  const { message = String(error) } = (error ?? {}) as SdkError;
  return message || `the answer was HTTP ${status}`;
}

/** Google's messages end with a full stop, or without one: for what comes after. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isPassing(error: unknown, status: number | undefined): boolean {
  const { code, reason, errors, cause } = (error ?? {}) as SdkError;
  if (typeof code === 'string' && NETWORK_CODES.has(code)) return true;
  if (cause && status === undefined && NETWORK_CODES.has(String((cause as SdkError).code))) return true;
  if (status === 408 || status === 429 || (status !== undefined && status >= 500 && status !== 501))
    return true;
  return [reason, ...(errors ?? []).map((each) => each.reason)].some(
    (each) => each && PASSING_REASONS.has(each),
  );
}
