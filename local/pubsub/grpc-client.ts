import type { Metadata } from '@grpc/grpc-js';
import type { Needs } from '../http/access.ts';
import type { ServiceContext } from '../http/service.ts';
import type { Client } from './operation.ts';

/** Who calls over gRPC, and what he may. */
export interface GrpcClient extends Client {
  /** Throws 403 unless the client has every permission. */
  require(needs: Needs): void;
}

export function grpcClient(metadata: Metadata, { guard }: ServiceContext, signal: AbortSignal): GrpcClient {
  const caller = { authorization: metadata.get('authorization')[0]?.toString() };
  return {
    signal,
    holds: (permission, resource) => guard?.holds(caller, permission, resource) ?? true,
    require(needs) {
      for (const [permission, resource] of needs) guard?.require(caller, permission, resource);
    },
  };
}
