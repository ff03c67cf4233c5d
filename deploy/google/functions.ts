import path from 'node:path';
import { type protos, v2 } from '@google-cloud/functions';
import { TransientError } from '../../shared/errors.ts';
import { withRetry } from '../../shared/google/with-retry.ts';
import type { Provider } from '../plan/provider.ts';
import type { FunctionProperties, ResourceOf } from '../table/resource.ts';
import { type Connection, restOptions } from './connection.ts';
import { mapErrors } from './map-errors.ts';
import type { FunctionUrl } from './subscriptions.ts';
import { ignoreNotFound } from './with-deadline.ts';
import { zip } from './zip.ts';

type IFunction = protos.google.cloud.functions.v2.IFunction;
type IServiceConfig = protos.google.cloud.functions.v2.IServiceConfig;
type IStorageSource = protos.google.cloud.functions.v2.IStorageSource;

/** Holds the hash of what was deployed. */
const SOURCE_LABEL = 'vicinity-source';
/** A few megabytes over a slow line. */
const UPLOAD_MS = 300_000;

function functionsClient(connection: Connection): v2.FunctionServiceClient {
  return new v2.FunctionServiceClient(restOptions(connection, 'FUNCTIONS'));
}

const parentOf = ({ project, region }: Connection) => `projects/${project}/locations/${region}`;

/** The addresses that functions are invoked at. */
export function functionUrls(connection: Connection): FunctionUrl {
  const client = functionsClient(connection);
  return async (name) => {
    const request = { name: `${parentOf(connection)}/functions/${name}` };
    const found = await ignoreNotFound(`read function ${name}`, () => client.getFunction(request));
    return found?.[0].serviceConfig?.uri || undefined;
  };
}

/** Cloud Functions, second generation (https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions). */
export function functionProvider(connection: Connection): Provider<'function'> {
  const client = functionsClient(connection);
  const parent = parentOf(connection);
  const nameOf = (name: string) => `${parent}/functions/${name}`;

  return {
    async read({ name }) {
      const found = await find(name);
      return found && propertiesOf(found);
    },
    async create(resource) {
      const { name } = resource;
      const storageSource = await upload(resource);
      await finished(`create function ${name}`, () =>
        client.createFunction({ parent, functionId: name, function: bodyOf(resource, storageSource) }),
      );
    },
    /** Without new source there is nothing to build, which takes a minute or two. */
    async update(resource, observed) {
      const { name, properties } = resource;
      const isNew =
        observed.source !== properties.source ||
        observed.runtime !== properties.runtime ||
        observed.entryPoint !== properties.entryPoint;
      const body = bodyOf(resource, isNew ? await upload(resource) : undefined);
      const paths = ['labels', 'service_config', ...(isNew ? ['build_config'] : [])];
      await finished(`change function ${name}`, () =>
        client.updateFunction({ function: body, updateMask: { paths } }),
      );
    },
    async remove({ name }) {
      if (!(await find(name))) return;
      await finished(`delete function ${name}`, () => client.deleteFunction({ name: nameOf(name) }));
    },
  };

  async function find(name: string): Promise<IFunction | undefined> {
    const request = { name: nameOf(name) };
    return (await ignoreNotFound(`read function ${name}`, () => client.getFunction(request)))?.[0];
  }

  /** Builds and roll-outs take minutes; the client polls with growing pauses, for ten minutes at most. */
  async function finished(
    subject: string,
    request: () => Promise<[{ promise(): Promise<unknown> }, ...unknown[]]>,
  ): Promise<void> {
    const [operation] = await mapErrors(subject, request);
    await withRetry(`${subject}: wait`, () => operation.promise());
  }

  async function upload({ name, input }: ResourceOf<'function'>): Promise<IStorageSource> {
    const [{ uploadUrl, storageSource }] = await withRetry(`ask where to upload function ${name}`, () =>
      client.generateUploadUrl({ parent }),
    );
    const body = new Uint8Array(zip(input.files));
    const response = await withRetry(`upload function ${name}`, () =>
      fetch(uploadUrl ?? '', {
        method: 'PUT',
        headers: { 'content-type': 'application/zip' },
        body,
        signal: AbortSignal.timeout(UPLOAD_MS),
      }),
    );
    if (response.ok && storageSource) return storageSource;
    throw new TransientError(`upload function ${name}: Cloud Storage answered ${response.status}.`);
  }

  function bodyOf({ name, properties }: ResourceOf<'function'>, storageSource?: IStorageSource): IFunction {
    const { runtime, entryPoint, source, labels } = properties;
    return {
      name: nameOf(name),
      environment: 'GEN_2',
      labels: { ...labels, [SOURCE_LABEL]: source },
      ...(storageSource && { buildConfig: { runtime, entryPoint, source: { storageSource } } }),
      serviceConfig: serviceConfigOf(properties, connection.project),
    };
  }
}

function serviceConfigOf(properties: FunctionProperties, projectId: string): IServiceConfig {
  const { path: file, secret } = properties.secretFile;
  return {
    serviceAccountEmail: properties.account,
    availableMemory: properties.memory,
    timeoutSeconds: properties.timeoutSeconds,
    minInstanceCount: properties.minInstances,
    maxInstanceCount: properties.maxInstances,
    maxInstanceRequestConcurrency: properties.concurrency,
    ingressSettings: properties.ingress as 'ALLOW_INTERNAL_ONLY',
    allTrafficOnLatestRevision: true,
    environmentVariables: properties.environment,
    secretVolumes: [
      {
        mountPath: path.posix.dirname(file),
        projectId,
        secret,
        versions: [{ version: 'latest', path: path.posix.basename(file) }],
      },
    ],
  };
}

function propertiesOf({ state, labels, buildConfig, serviceConfig }: IFunction): FunctionProperties {
  const [volume] = serviceConfig?.secretVolumes ?? [];
  const { [SOURCE_LABEL]: source = 'unknown', ...otherLabels } = labels ?? {};
  return {
    runtime: buildConfig?.runtime ?? '',
    entryPoint: buildConfig?.entryPoint ?? '',
    // A build or a roll-out that failed leaves the label of what should have been.
    source: state === 'ACTIVE' ? source : `${state}`,
    account: serviceConfig?.serviceAccountEmail ?? '',
    memory: (serviceConfig?.availableMemory ?? '').replace(/i$/, ''),
    timeoutSeconds: serviceConfig?.timeoutSeconds ?? 0,
    minInstances: serviceConfig?.minInstanceCount ?? 0,
    maxInstances: serviceConfig?.maxInstanceCount ?? 0,
    concurrency: serviceConfig?.maxInstanceRequestConcurrency ?? 0,
    ingress: String(serviceConfig?.ingressSettings ?? ''),
    environment: serviceConfig?.environmentVariables ?? {},
    secretFile: {
      path: path.posix.join(volume?.mountPath ?? '', volume?.versions?.[0]?.path ?? ''),
      secret: volume?.secret ?? 'none',
    },
    labels: otherLabels,
  };
}
