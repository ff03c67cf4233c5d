import { type Endpoints, googleVariables } from '../local/endpoints.ts';

/** The services that share the management port, by the names in the product's variables. */
const MANAGEMENT = ['FUNCTIONS', 'RUN', 'SECRETS', 'IAM', 'RESOURCE_MANAGER', 'SERVICE_USAGE'];

/** The variables that point every client at the services: on this computer, in functions and on VMs. */
export function endpointVariables(endpoints: Endpoints): Record<string, string> {
  const { compute, scheduler, slack, management } = endpoints;
  return {
    ...googleVariables(endpoints),
    VICINITY_COMPUTE_ENDPOINT: compute,
    VICINITY_SLACK_ENDPOINT: `${slack}/api/`,
    VICINITY_SCHEDULER_ENDPOINT: scheduler,
    ...Object.fromEntries(MANAGEMENT.map((service) => [`VICINITY_${service}_ENDPOINT`, management])),
  };
}
