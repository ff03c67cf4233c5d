import { invalid, notImplemented } from '../http/api-error.ts';
import { DEFAULT_COMPUTE_ACCOUNT } from '../iam/accounts.ts';
import type { BuildConfig, CloudFunction, FunctionRequest, SecretVolume, ServiceConfig } from './resource.ts';
import { RUNTIMES } from './runtimes.ts';

const ID = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_KEY = /^[a-z][-_a-z0-9]{0,62}$/;
const LABEL_VALUE = /^[-_a-z0-9]{0,63}$/;
const MEMORY = /^\d+(\.\d+)?(k|M|G|Mi|Gi)$/;
/** Enumerations in the order of their numbers, which the official clients send. */
const ENVIRONMENTS = ['ENVIRONMENT_UNSPECIFIED', 'GEN_1', 'GEN_2'];
const INGRESS = [
  'INGRESS_SETTINGS_UNSPECIFIED',
  'ALLOW_ALL',
  'ALLOW_INTERNAL_ONLY',
  'ALLOW_INTERNAL_AND_GCLB',
];
/** Of functions that are called over HTTP (https://cloud.google.com/functions/quotas). */
const MAX_TIMEOUT_SECONDS = 3600;
/** The platform's own (https://cloud.google.com/functions/docs/configuring/env-var#reserved_names). */
const RESERVED = [
  'FUNCTION_TARGET',
  'FUNCTION_SIGNATURE_TYPE',
  'K_SERVICE',
  'K_REVISION',
  'K_CONFIGURATION',
  'PORT',
];
const NOT_IMPLEMENTED = ['eventTrigger', 'kmsKeyName'];
const NOT_IN_SERVICE = [
  'secretEnvironmentVariables',
  'vpcConnector',
  'binaryAuthorizationPolicy',
  'directVpcNetworkInterface',
];

const SERVICE_DEFAULTS = {
  timeoutSeconds: 60,
  availableMemory: '256M',
  availableCpu: '0.1666',
  maxInstanceCount: 100,
  maxInstanceRequestConcurrency: 1,
  ingressSettings: 'ALLOW_ALL',
  serviceAccountEmail: DEFAULT_COMPUTE_ACCOUNT,
  allTrafficOnLatestRevision: true,
};

/** What the service itself says of a function. */
export type Served = Pick<ServiceConfig, 'service' | 'uri' | 'revision'>;

/** The settings of a function with the defaults filled in, or a refusal that names the field. */
export function checkFunction(
  id: string,
  request: FunctionRequest,
  served: Served,
): Pick<CloudFunction, 'description' | 'labels' | 'environment' | 'buildConfig' | 'serviceConfig'> {
  if (!ID.test(id))
    throw invalid(
      `Invalid function name "${id}": it must have 1 to 63 lower-case letters, digits and hyphens, beginning with a letter.`,
    );
  refuse(request, NOT_IMPLEMENTED);
  const environment = named(request.environment ?? 'GEN_2', ENVIRONMENTS);
  if (environment !== 'GEN_2') throw notImplemented(`functions of the environment ${environment}`);
  checkLabels(request.labels ?? {});
  return {
    environment: 'GEN_2',
    ...(request.description && { description: request.description }),
    ...(request.labels && { labels: request.labels }),
    buildConfig: checkBuild(request.buildConfig ?? {}),
    serviceConfig: { ...checkService(request.serviceConfig ?? {}), ...served },
  };
}

function checkBuild(build: Partial<BuildConfig>): BuildConfig {
  const { runtime = '', entryPoint = '', source, ...rest } = build;
  if (!RUNTIMES.includes(runtime))
    throw invalid(`The runtime "${runtime}" is not supported; ${RUNTIMES.join(' and ')} are.`);
  if (!entryPoint) throw invalid('buildConfig.entryPoint is required.');
  const { bucket, object, generation } = source?.storageSource ?? {};
  if (!bucket || !object) throw invalid('buildConfig.source.storageSource must name a bucket and an object.');
  const storageSource = { bucket, object, ...(generation && { generation: String(generation) }) };
  return { ...withoutEmpty(rest), runtime, entryPoint, source: { storageSource } };
}

function checkService(given: Partial<ServiceConfig>): Omit<ServiceConfig, keyof Served> {
  refuse(given, NOT_IN_SERVICE);
  const service = { ...SERVICE_DEFAULTS, environmentVariables: {}, ...withoutEmpty(given) };
  const { timeoutSeconds, availableMemory, environmentVariables } = service;
  const ingressSettings = named(service.ingressSettings, INGRESS);
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= MAX_TIMEOUT_SECONDS))
    throw invalid(
      `serviceConfig.timeoutSeconds is ${timeoutSeconds}; it must be from 1 to ${MAX_TIMEOUT_SECONDS}.`,
    );
  if (!MEMORY.test(availableMemory))
    throw invalid(`serviceConfig.availableMemory is "${availableMemory}"; it is written like "512M".`);
  if (!INGRESS.includes(ingressSettings))
    throw invalid(`serviceConfig.ingressSettings is one of ${INGRESS.join(', ')}, not "${ingressSettings}".`);
  const reserved = Object.keys(environmentVariables).find((name) => RESERVED.includes(name));
  if (reserved) throw invalid(`The environment variable ${reserved} is reserved by the platform.`);
  checkVolumes(service.secretVolumes ?? []);
  return { ...service, ingressSettings };
}

/** Each is a folder of its own, at an absolute path. */
function checkVolumes(volumes: SecretVolume[]): void {
  for (const { mountPath, secret } of volumes)
    if (!mountPath?.startsWith('/') || !secret)
      throw invalid('A secret volume needs a secret, and a mountPath that begins with a slash.');
  const paths = volumes.map(({ mountPath }) => mountPath);
  if (new Set(paths).size < paths.length) throw invalid('Two secret volumes have the same mountPath.');
}

function checkLabels(labels: Record<string, string>): void {
  for (const [key, value] of Object.entries(labels))
    if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(value))
      throw invalid(
        `The label ${key}=${value} may have lower-case letters, digits, hyphens and underscores, 63 of them at most.`,
      );
}

function refuse(given: object, fields: string[]): void {
  const found = Object.entries(withoutEmpty(given)).find(([field]) => fields.includes(field));
  if (found) throw notImplemented(`${found[0]} of functions`);
}

/** The name of an enumeration's value that is given by name or number. */
function named(value: unknown, names: string[]): string {
  return typeof value === 'number' ? (names[value] ?? String(value)) : String(value);
}

/** Clients send empty values for what they do not say. */
function withoutEmpty<T extends object>(given: T): Partial<T> {
  const isEmpty = (value: unknown) =>
    value === '' ||
    value === 0 ||
    value === null ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(given).filter(([, value]) => !isEmpty(value))) as Partial<T>;
}
