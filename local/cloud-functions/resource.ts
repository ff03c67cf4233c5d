import type { Resource } from '../http/access.ts';
import { inProject } from '../iam/resources.ts';

/** A function in its JSON form (https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions). */
export interface CloudFunction {
  name: string;
  description?: string;
  environment: 'GEN_2';
  labels?: Record<string, string>;
  buildConfig: BuildConfig;
  serviceConfig: ServiceConfig;
  state: 'ACTIVE' | 'FAILED' | 'DEPLOYING' | 'DELETING';
  stateMessages?: { severity: 'ERROR'; type: string; message: string }[];
  createTime: string;
  updateTime: string;
  url: string;
}

export interface BuildConfig {
  runtime: string;
  entryPoint: string;
  source: { storageSource: StorageSource };
  environmentVariables?: Record<string, string>;
  serviceAccount?: string;
  build?: string;
}

export interface StorageSource {
  bucket: string;
  object: string;
  generation?: string;
}

export interface ServiceConfig {
  service: string;
  uri: string;
  revision: string;
  timeoutSeconds: number;
  availableMemory: string;
  availableCpu: string;
  environmentVariables: Record<string, string>;
  secretVolumes?: SecretVolume[];
  minInstanceCount?: number;
  maxInstanceCount: number;
  maxInstanceRequestConcurrency: number;
  ingressSettings: string;
  serviceAccountEmail: string;
  allTrafficOnLatestRevision: boolean;
}

export interface SecretVolume {
  mountPath: string;
  projectId: string;
  secret: string;
  versions: { version: string; path: string }[];
}

/** What a client may say of a function; empty values count as absent. */
export interface FunctionRequest {
  name?: string;
  description?: string;
  labels?: Record<string, string>;
  buildConfig?: Partial<BuildConfig>;
  serviceConfig?: Partial<ServiceConfig>;
  [other: string]: unknown;
}

export function functionResource(project: string, location: string, id: string): Resource {
  const name = `projects/${project}/locations/${location}/functions/${id}`;
  return inProject(project, 'cloudfunctions.googleapis.com', 'CloudFunction', name, name);
}

/** `start-run` of `projects/…/functions/start-run`. */
export function shortName({ name }: { name: string }): string {
  return name.split('/').at(-1) ?? '';
}
