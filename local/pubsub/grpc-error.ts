import { type ServiceError, status } from '@grpc/grpc-js';
import { ApiError, rpcStatus } from '../http/api-error.ts';

/** The error as gRPC sends it. One that is not an API's is a bug of ours: it is shown, and answered as INTERNAL. */
export function grpcError(error: unknown): Partial<ServiceError> {
  if (!(error instanceof ApiError)) {
    console.error(error);
    return { code: status.INTERNAL, details: `The local cloud failed: ${String(error)}` };
  }
  const code = status[rpcStatus(error.status) as keyof typeof status] ?? status.UNKNOWN;
  return { code, details: error.message };
}
