import type { FaultInjection } from '../core/faults.ts';
import { ApiError } from '../http/api-error.ts';
import type { ServiceContext } from '../http/service.ts';

const BEFORE_THE_EFFECT = ['error', 'drop-before'];
const AFTER_THE_EFFECT = ['error-after', 'drop'];
const KINDS = [...BEFORE_THE_EFFECT, ...AFTER_THE_EFFECT, 'delay'];

/** Runs a call with the faults on demand that the HTTP core gives to REST calls, and counts it. */
export async function callWithFaults<T>(
  operation: string,
  { faults, clock, onCall }: ServiceContext,
  run: () => Promise<T> | T,
): Promise<T> {
  const fault = faults.strike(operation, '', KINDS);
  try {
    if (fault && BEFORE_THE_EFFECT.includes(fault.kind)) throw faultError(fault);
    if (fault?.kind === 'delay') await clock.sleep(fault.delayMs ?? 1000);
    const result = await run();
    if (fault && AFTER_THE_EFFECT.includes(fault.kind)) throw faultError(fault);
    onCall(operation, 200);
    return result;
  } catch (error) {
    onCall(operation, error instanceof ApiError ? error.status : 500);
    throw error;
  }
}

/** A connection that breaks is UNAVAILABLE to a gRPC client, so the faults that break it answer that. */
function faultError({ status = 503, reason = 'backendError' }: FaultInjection): ApiError {
  return new ApiError(status, reason, `A fault on demand answers ${status} here.`);
}
