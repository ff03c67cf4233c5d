import { functionVariables } from '../../shared/config/environment.ts';
import type { Config } from '../../shared/config/schema.ts';

export interface FunctionEnvironment {
  config: Config;
  /** Endpoint variables of the other services: STORAGE_EMULATOR_HOST and so on. */
  endpoints: Record<string, string>;
  /** The file that holds the webhook's URL, as a mounted secret. */
  slackWebhookFile: string;
  /** A folder of the local cloud's own, so that no credentials of the user are found. */
  home: string;
  /** Search path of the host. */
  path: string;
}

/** What any process of a function needs of this computer. */
export function hostEnvironment(home: string, path: string): Record<string, string> {
  return { PATH: path, HOME: home, CLOUDSDK_CONFIG: `${home}/gcloud` };
}

/** The whole environment of a function's process: what `deploy/` sets on Google Cloud, and the endpoints. Nothing of the host's. */
export function functionEnvironment(options: FunctionEnvironment): Record<string, string> {
  const { config, endpoints, slackWebhookFile, home, path } = options;
  return {
    ...hostEnvironment(home, path),
    ...functionVariables(config, slackWebhookFile),
    ...endpoints,
  };
}
