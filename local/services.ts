import { delimiter, dirname } from 'node:path';
import { vmsDir } from '../sandbox/state-dir.ts';
import { functionsPreload } from './assets.ts';
import { type CloudFunctions, createCloudFunctions } from './cloud-functions/cloud-functions.ts';
import type { CloudOptions } from './cloud-options.ts';
import { type Compute, createCompute } from './compute/compute.ts';
import { DEFAULT_SERVICE_ACCOUNT } from './compute/guest-facts.ts';
import { projectFacts } from './core/project.ts';
import { type Endpoints, endpointVariables, hostOf } from './endpoints.ts';
import { functionEnvironment, hostEnvironment } from './functions/environment.ts';
import { functionsFramework } from './functions/framework.ts';
import { createFunctionsHost, type FunctionsHost } from './functions/functions-host.ts';
import { workingTreeRevisions } from './functions/working-tree.ts';
import { PUBSUB_AGENT, SCHEDULER_AGENT } from './iam/directory.ts';
import type { PolicyGuard } from './iam/guard.ts';
import { OWNER, principalOf } from './iam/principal.ts';
import { createMetadataServer } from './metadata/metadata-server.ts';
import { fixedMetadata } from './metadata/source.ts';
import { metadataVariables } from './metadata/variables.ts';
import type { Project } from './project.ts';
import { pubsubResource } from './pubsub/access.ts';
import { createPubSub, type PubSub } from './pubsub/pubsub.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import type { ServiceRegistry } from './service-registry.ts';
import { createSlackSink, type SlackSink } from './slack/slack-sink.ts';
import { createStorage, type Storage } from './storage/storage.ts';
import { createProcessVmHost } from './vm/process/process-vm-host.ts';

/** The services, each made and bound to its port. */

type Options = CloudOptions & { path: string };

export async function startStorage(
  registry: ServiceRegistry,
  { config, stateDir }: CloudOptions,
  { directory: { policies } }: Project,
): Promise<Storage> {
  const storage = createStorage({ stateDir, context: registry.context, project: config.project, policies });
  await registry.serve('storage', storage.server);
  return storage;
}

/** The metadata server that clients on this computer ask; they are on no instance. */
export async function startHostMetadata(
  registry: ServiceRegistry,
  { config, iam }: CloudOptions,
): Promise<void> {
  const project = projectFacts(config.project);
  // Where permissions are enforced, who is at this computer is the owner.
  const serviceAccount = iam ? { ...DEFAULT_SERVICE_ACCOUNT, email: OWNER } : DEFAULT_SERVICE_ACCOUNT;
  const source = fixedMetadata({ project, serviceAccount });
  await registry.serve('metadata', createMetadataServer(source, registry.context));
}

export async function startSlack(registry: ServiceRegistry, { config }: CloudOptions): Promise<SlackSink> {
  const sink = createSlackSink({
    channel: config.slack.channel,
    directory: registry.path('slack'),
    context: registry.context,
    onMessage: (message) => registry.emit({ kind: 'slack', message }),
    onRefusal: (code, detail) => registry.emit({ kind: 'slack-refused', code, detail }),
  });
  await registry.serve('slack', sink.server);
  return sink;
}

export async function startCompute(
  registry: ServiceRegistry,
  options: Options,
  { directory: { policies } }: Project,
): Promise<Compute> {
  const { context } = registry;
  let endpoints: Endpoints | undefined;
  void registry.endpoints.then((known) => {
    endpoints = known;
  });
  const createVmHost = options.vmHost ?? createProcessVmHost;
  const vms = await createVmHost({
    directory: vmsDir(options.stateDir),
    context,
    path: options.path,
    endpoints: () => (endpoints ? endpointVariables(endpoints) : {}),
    freshDisk: options.freshDisk ?? false,
  });
  registry.onClose(() => vms.close());
  const stateDir = registry.path('compute');
  const compute = createCompute({ stateDir, context, project: options.config.project, vms, policies });
  registry.onClose(() => compute.close());
  await registry.serve('compute', compute.server);
  return compute;
}

/** An event that comes before every service is there waits for them. */
export async function startFunctions(registry: ServiceRegistry, options: Options): Promise<FunctionsHost> {
  const { functionsDir, config, path } = options;
  const revisions = workingTreeRevisions({
    functionsDir,
    framework: functionsFramework(),
    async environment() {
      const known = await registry.endpoints;
      return functionEnvironment({
        config,
        endpoints: { ...endpointVariables(known), ...metadataVariables(hostOf(known.metadata)) },
        slackWebhookFile: slackWebhookFile(registry),
        home: registry.path('home'),
        path,
      });
    },
  });
  const host = createFunctionsHost({
    revisions: options.empty ? [] : revisions,
    logDir: registry.path('logs'),
    preload: functionsPreload(),
    context: registry.context,
    onEvent: (event) => registry.emit({ kind: 'function', event }),
  });
  registry.onClose(() => host.close());
  await registry.serve('functions', host.server);
  return host;
}

/** Cloud Functions on top of the functions host, with what each function needs to reach the other services. */
export function startCloudFunctions(
  registry: ServiceRegistry,
  { config, path }: Options,
  { project, storage, functions }: { project: Project; storage: Storage; functions: FunctionsHost },
): CloudFunctions {
  const { directory, secrets, guard } = project;
  const cloudFunctions = createCloudFunctions({
    ...{ stateDir: registry.path('functions'), project: config.project, context: registry.context },
    ...{ accounts: directory.accounts, policies: directory.policies, secrets, guard },
    ...{ store: storage.store, signer: storage.signer, host: functions },
    ...{ framework: functionsFramework(), path: `${dirname(process.execPath)}${delimiter}${path}` },
    hostUrl: async () => (await registry.endpoints).functions,
    storageUrl: async () => (await registry.endpoints).storage,
    environment: async () => ({
      ...hostEnvironment(registry.path('home'), path),
      ...endpointVariables(await registry.endpoints),
    }),
  });
  registry.onClose(() => cloudFunctions.close());
  return cloudFunctions;
}

/** Holds the webhook's URL, as a mounted secret does on Google Cloud. */
export function slackWebhookFile(registry: ServiceRegistry): string {
  return registry.path('slack-webhook');
}

export async function startPubSub(registry: ServiceRegistry, { directory, guard }: Project): Promise<PubSub> {
  const agent = principalOf(PUBSUB_AGENT);
  const pubsub = createPubSub({
    stateDir: registry.path('pubsub'),
    policies: directory.policies,
    agentMay: (permission, resource) => guard?.allows(agent, permission, resource) ?? true,
    context: registry.context,
    onDelivery: (event) => registry.emit({ kind: 'delivery', event }),
  });
  registry.onClose(() => pubsub.close());
  await registry.bind('pubsub', pubsub.listen);
  return pubsub;
}

export async function startScheduler(
  registry: ServiceRegistry,
  { config }: CloudOptions,
  { pubsub, guard }: { pubsub: PubSub; guard: PolicyGuard | undefined },
): Promise<void> {
  const scheduler = createScheduler({
    stateDir: registry.path('scheduler'),
    context: registry.context,
    project: config.project,
    publish(topic, message) {
      guard?.requireOf(principalOf(SCHEDULER_AGENT), 'pubsub.topics.publish', pubsubResource(topic));
      return pubsub.publish(topic, message);
    },
  });
  registry.onClose(() => scheduler.close());
  await registry.bind('scheduler', scheduler.listen);
}
