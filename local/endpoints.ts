import { type Ports, SERVICES, type ServiceName } from './ports.ts';
import { WEBHOOK_PATH } from './slack/slack-sink.ts';

/** URL of each service, without a slash at the end. */
export type Endpoints = Record<ServiceName, string>;

export function endpointsOf(ports: Ports): Endpoints {
  const entries = SERVICES.map((service) => [service, `http://127.0.0.1:${ports[service]}`]);
  return Object.fromEntries(entries) as Endpoints;
}

export function webhookUrl(endpoints: Endpoints): string {
  return `${endpoints.slack}${WEBHOOK_PATH}`;
}

/** What every client needs, on the host, in a function and on a VM. A VM has a metadata server of its own instead of ours. */
export function endpointVariables(endpoints: Endpoints): Record<string, string> {
  return {
    STORAGE_EMULATOR_HOST: endpoints.storage,
    PUBSUB_EMULATOR_HOST: hostOf(endpoints.pubsub),
    VICINITY_COMPUTE_ENDPOINT: endpoints.compute,
    VICINITY_SLACK_ENDPOINT: `${endpoints.slack}/api/`,
    VICINITY_SCHEDULER_ENDPOINT: endpoints.scheduler,
    ...managementVariables(endpoints),
    ...gcloudOverrides(endpoints),
  };
}

/** The services that share one port, each under its own name: nobody need know that they do. */
function managementVariables({ management }: Endpoints): Record<string, string> {
  const services = ['FUNCTIONS', 'RUN', 'SECRETS', 'IAM', 'RESOURCE_MANAGER', 'SERVICE_USAGE'];
  return Object.fromEntries(services.map((service) => [`VICINITY_${service}_ENDPOINT`, management]));
}

function gcloudOverrides({
  storage,
  pubsub,
  compute,
  scheduler,
  management,
}: Endpoints): Record<string, string> {
  return {
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${storage}/storage/v1/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `${pubsub}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${compute}/compute/v1/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDSCHEDULER: `${scheduler}/`,
    ...Object.fromEntries(
      [
        'CLOUDFUNCTIONS',
        'RUN',
        'CLOUDBUILD',
        'SECRETMANAGER',
        'IAM',
        'CLOUDRESOURCEMANAGER',
        'SERVICEUSAGE',
      ].map((api) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`, `${management}/`]),
    ),
  };
}

export function hostOf(url: string): string {
  return new URL(url).host;
}
