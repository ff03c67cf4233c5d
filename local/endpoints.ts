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

/** The services that share the management port, by their names in gcloud's variables. */
const MANAGEMENT = [
  'CLOUDFUNCTIONS',
  'RUN',
  'CLOUDBUILD',
  'SECRETMANAGER',
  'IAM',
  'CLOUDRESOURCEMANAGER',
  'SERVICEUSAGE',
];

/** The variables by which Google's own client libraries and gcloud find the services. */
export function googleVariables(endpoints: Endpoints): Record<string, string> {
  const { storage, pubsub, compute, scheduler, management } = endpoints;
  return {
    STORAGE_EMULATOR_HOST: storage,
    PUBSUB_EMULATOR_HOST: hostOf(pubsub),
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${storage}/storage/v1/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `${pubsub}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${compute}/compute/v1/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDSCHEDULER: `${scheduler}/`,
    ...Object.fromEntries(
      MANAGEMENT.map((api) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`, `${management}/`]),
    ),
  };
}

export function hostOf(url: string): string {
  return new URL(url).host;
}
