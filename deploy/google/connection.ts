import { type RestEndpoint, restEndpoint } from '../../shared/google/endpoints.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** Where the project is, and how its services are reached. */
export interface Connection {
  project: string;
  zone: string;
  region: string;
  /** Endpoint variables: absent, Google's own. */
  env: Record<string, string | undefined>;
  clock: Clock;
}

/** Services for which Google defines no variable of its own. */
export type ServiceName =
  | 'COMPUTE'
  | 'FUNCTIONS'
  | 'IAM'
  | 'RESOURCE_MANAGER'
  | 'RUN'
  | 'SCHEDULER'
  | 'SECRETS'
  | 'SERVICE_USAGE';

/** Base URL of a service, where it is not Google's. */
export function endpointOf({ env }: Connection, service: ServiceName): string | undefined {
  return env[variableOf(service)] || undefined;
}

function variableOf(service: ServiceName): string {
  return `VICINITY_${service}_ENDPOINT`;
}

/** Of Compute Engine's clients, which speak REST only and have no option for it. */
export function computeOptions(connection: Connection) {
  const { fallback: _, ...options } = restOptions(connection, 'COMPUTE');
  return options;
}

/** Options of a generated client: REST, so that one port and no gRPC is needed. */
export function restOptions(
  connection: Connection,
  service: ServiceName,
): Partial<RestEndpoint> & { projectId: string; fallback: true } {
  return {
    ...restEndpoint(endpointOf(connection, service), variableOf(service)),
    projectId: connection.project,
    fallback: true,
  };
}
