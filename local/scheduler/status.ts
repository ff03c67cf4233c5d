import { status } from '@grpc/grpc-js';
import { ApiError, rpcStatus } from '../http/api-error.ts';
import type { Job } from './job.ts';

/** The failure of an attempt as a job's `status` has it: a gRPC code and the reason. */
export function statusOf(error: unknown): NonNullable<Job['status']> {
  if (!(error instanceof ApiError)) return { code: status.INTERNAL, message: String(error) };
  const name = rpcStatus(error.status) as keyof typeof status;
  return { code: status[name], message: error.message };
}
