import type { Instance } from './instance.ts';
import type { OperationError } from './operations.ts';

const STOCKOUT = 'ZONE_RESOURCE_POOL_EXHAUSTED';

/** The zone has no such machine left. A fault's `reason` may name another code, such as `QUOTA_EXCEEDED`. */
export function stockout(project: string, zone: string, code = STOCKOUT): OperationError {
  return {
    code,
    message:
      `The zone 'projects/${project}/zones/${zone}' does not have enough resources available to fulfill the request. ` +
      'Try a different zone, or try again later.',
  };
}

export function overtaken(instance: Instance): OperationError {
  return {
    code: 'OPERATION_CANCELED_BY_USER',
    message: `The start of ${instance.name} was overtaken by a stop.`,
  };
}
