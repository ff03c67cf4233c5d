/** An answer in Google's JSON error format (https://cloud.google.com/apis/design/errors#http_mapping). */
export class ApiError extends Error {
  readonly status: number;
  /** The `errors[].reason` that clients test, such as `conditionNotMet` or `notFound`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  body(): object {
    const { status: code, message, reason } = this;
    const status = STATUS_OF_REASON[reason] ?? rpcStatus(code);
    return { error: { code, message, status, errors: [{ domain: 'global', reason, message }] } };
  }
}

export const notFound = (message: string) => new ApiError(404, 'notFound', message);
export const invalid = (message: string) => new ApiError(400, 'invalid', message);
export const conditionNotMet = (message: string) => new ApiError(412, 'conditionNotMet', message);
export const conflict = (message: string) => new ApiError(409, 'conflict', message);
export const alreadyExists = (message: string) => new ApiError(409, 'alreadyExists', message);
export const failedPrecondition = (message: string) => new ApiError(400, 'failedPrecondition', message);
/** Somebody else's change came in between: read again, and repeat. */
export const aborted = (message: string) => new ApiError(409, 'aborted', message);
export const notImplemented = (what: string) =>
  new ApiError(501, 'notImplemented', `The local cloud does not implement ${what}.`);

/** Where one HTTP status stands for several canonical names. */
const STATUS_OF_REASON: Record<string, string> = {
  aborted: 'ABORTED',
  failedPrecondition: 'FAILED_PRECONDITION',
};

const RPC_STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  416: 'OUT_OF_RANGE',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** The canonical name of an HTTP status, as gRPC and Google's JSON errors spell it. */
export function rpcStatus(code: number): string {
  return RPC_STATUS[code] ?? 'UNKNOWN';
}
