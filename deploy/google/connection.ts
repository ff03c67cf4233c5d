import { type RestEndpoint, restEndpoint } from '../../shared/google/endpoints.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** Where the project is, and how to reach its services. */
export interface Connection {
  project: string;
  zone: string;
  region: string;
  /** Endpoint variables. Absent: Google's own endpoints. */
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

/** Base URL of a service; undefined for Google's own. */
export function endpointOf({ env }: Connection, service: ServiceName): string | undefined {
  return env[variableOf(service)] || undefined;
}

function variableOf(service: ServiceName): string {
  return `VICINITY_${service}_ENDPOINT`;
}

/** Options of Compute Engine's clients, which speak only REST and have no `fallback` option. */
export function computeOptions(connection: Connection) {
  const { fallback: _, ...options } = restOptions(connection, 'COMPUTE');
  return options;
}

/** Endpoint of a REST client; undefined for Google's own. Throws InvalidError for a variable that holds no URL. */
export function restEndpointOf(connection: Connection, service: ServiceName): RestEndpoint | undefined {
  return restEndpoint(endpointOf(connection, service), variableOf(service));
}

/** Options of a generated client: REST, so that one port is enough and gRPC is not needed. */
export function restOptions(
  connection: Connection,
  service: ServiceName,
): Partial<RestEndpoint> & { projectId: string; fallback: true } {
  return {
    ...restEndpointOf(connection, service),
    projectId: connection.project,
    fallback: true,
  };
}
