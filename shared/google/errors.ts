import { InvalidError, NotFoundError, PermissionError, TransientError, triedAgainLater } from '../errors.ts';

/** The fields that the SDKs set on their errors: an HTTP status or a gRPC code, a reason, a network code. */
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
/** https://cloud.google.com/compute/docs/api/best-practices#client-errors: a transient 403. */
const TRANSIENT_REASONS = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED']);
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

/** Returns the HTTP status of an SDK's error, whichever field holds it. */
export function httpStatus(error: unknown): number | undefined {
  const { httpStatusCode, code, status } = (error ?? {}) as SdkError;
  if (httpStatusCode) return httpStatusCode;
  if (typeof code === 'number') return code < 20 ? HTTP_OF_GRPC[code] : code;
  if (typeof code === 'string' && /^\d{3}$/.test(code)) return Number(code);
  return status;
}

/**
 * Converts an SDK's error to one of ours. `subject` names the call and its object: "read gs://bucket/name". An error that is ours
 * already, such as a timeout, is returned unchanged.
 */
export function domainError(error: unknown, subject: string): Error {
  if (isOurs(error)) return error;
  const status = httpStatus(error);
  const message = messageOf(error, status);
  const options = { cause: error };
  if (isTransient(error, status)) return triedAgainLater(`${subject}: ${sentence(message)}`, options);
  if (status === 404) return new NotFoundError(`${subject}: not found (404). ${message}`, options);
  if (status === 401 || status === 403) {
    return new PermissionError(
      `${subject}: permission denied (${status}). ${sentence(message)} Grant the account the role that docs/guide/security.md lists for it.`,
      options,
    );
  }
  return new Error(`${subject}: ${message}`, options);
}

function isOurs(error: unknown): error is Error {
  return [TransientError, NotFoundError, PermissionError, InvalidError].some((kind) => error instanceof kind);
}

/** A proxy or a load balancer may answer without a message. */
function messageOf(error: unknown, status: number | undefined): string {
  const { message = String(error) } = (error ?? {}) as SdkError;
  return message || `the response was HTTP ${status}`;
}

/** Ends the text with a full stop: Google's messages come with and without one. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isTransient(error: unknown, status: number | undefined): boolean {
  const { code, reason, errors, cause } = (error ?? {}) as SdkError;
  if (typeof code === 'string' && NETWORK_CODES.has(code)) return true;
  if (cause && status === undefined && NETWORK_CODES.has(String((cause as SdkError).code))) return true;
  if (status === 408 || status === 429 || (status !== undefined && status >= 500 && status !== 501))
    return true;
  return [reason, ...(errors ?? []).map((each) => each.reason)].some(
    (each) => each && TRANSIENT_REASONS.has(each),
  );
}
