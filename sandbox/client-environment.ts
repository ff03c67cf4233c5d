import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Endpoints, hostOf, webhookUrl } from '../local/endpoints.ts';
import { metadataVariables } from '../local/metadata/variables.ts';
import { regionOf } from '../shared/config/names.ts';
import type { Config } from '../shared/config/schema.ts';
import { shellWord } from '../shared/shell-word.ts';
import { endpointVariables } from './endpoint-variables.ts';

const LOOPBACK = '127.0.0.1,localhost';

/** gsutil itself speaks only https; `gcloud storage`, which it then uses, follows the endpoint overrides. */
const BOTO = '[GSUtil]\nuse_gcloud_storage = True\n';

export interface ClientEnvironment {
  config: Config;
  endpoints: Endpoints;
  /** Holds the configuration of gcloud and gsutil. */
  directory: string;
}

/**
 * The variables with which the real gcloud, gsutil and client libraries use the local cloud, without the user's credentials and
 * without the network. Writes the configuration files that the variables name.
 */
export function clientEnvironment({
  config,
  endpoints,
  directory,
}: ClientEnvironment): Record<string, string> {
  const gcloud = join(directory, 'gcloud');
  const boto = join(directory, 'boto');
  mkdirSync(gcloud, { recursive: true, mode: 0o700 });
  writeFileSync(boto, BOTO, { mode: 0o600 });
  return {
    VICINITY_PROJECT: config.project,
    VICINITY_ZONE: config.zone,
    VICINITY_INSTANCE: config.instance,
    VICINITY_BUCKET: config.bucket,
    VICINITY_LOCAL_ADMIN: endpoints.admin,
    VICINITY_LOCAL_SLACK: endpoints.slack,
    VICINITY_SLACK_WEBHOOK_URL: webhookUrl(endpoints),
    ...endpointVariables(endpoints),
    ...metadataVariables(hostOf(endpoints.metadata)),
    GOOGLE_CLOUD_PROJECT: config.project,
    // Empty, because the libraries would send a key file's credentials to Google before they ask the metadata server.
    GOOGLE_APPLICATION_CREDENTIALS: '',
    // On a busy computer Google's library would give up on the metadata server before it answers.
    METADATA_SERVER_DETECTION: 'assume-present',
    CLOUDSDK_CONFIG: gcloud,
    CLOUDSDK_CORE_PROJECT: config.project,
    CLOUDSDK_COMPUTE_ZONE: config.zone,
    CLOUDSDK_COMPUTE_REGION: regionOf(config),
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
    BOTO_CONFIG: boto,
  };
}

/** `current` with the loopback addresses added, because no proxy can reach the local cloud. */
export function withLoopback(current = ''): string {
  const hosts = current.split(',').filter((host) => host !== '');
  return [...new Set([...hosts, ...LOOPBACK.split(',')])].join(',');
}

/** The variables for a program started with the environment `shell`, with its proxies bypassed for the local cloud. */
export function pointedHere(
  variables: Record<string, string>,
  shell: Record<string, string | undefined>,
): Record<string, string> {
  return { ...variables, NO_PROXY: withLoopback(shell.NO_PROXY), no_proxy: withLoopback(shell.no_proxy) };
}

/** The variables as lines for `eval`, in any POSIX shell. */
export function exportLines(
  variables: Record<string, string>,
  shell: Record<string, string | undefined>,
): string {
  return Object.entries(pointedHere(variables, shell))
    .map(([name, value]) => `export ${name}=${value && shellWord(value)}\n`)
    .join('');
}
