import { delimiter, dirname } from 'node:path';
import { functionsPreload } from './assets.ts';
import { type CloudFunctions, createCloudFunctions } from './cloud-functions/cloud-functions.ts';
import type { Settings } from './cloud-options.ts';
import { type Compute, createCompute } from './compute/compute.ts';
import { DEFAULT_SERVICE_ACCOUNT } from './compute/guest-facts.ts';
import { projectFacts } from './core/project.ts';
import type { Endpoints } from './endpoints.ts';
import { functionsFramework } from './functions/framework.ts';
import { createFunctionsHost, type FunctionsHost } from './functions/functions-host.ts';
import { hostEnvironment } from './functions/host-environment.ts';
import { PUBSUB_AGENT, SCHEDULER_AGENT } from './iam/directory.ts';
import type { PolicyGuard } from './iam/guard.ts';
import { OWNER, principalOf } from './iam/principal.ts';
import { createMetadataServer } from './metadata/metadata-server.ts';
import { fixedMetadata } from './metadata/source.ts';
import type { Project } from './project.ts';
import { pubsubResource } from './pubsub/access.ts';
import { createPubSub, type PubSub } from './pubsub/pubsub.ts';
import { createScheduler, type Scheduler } from './scheduler/scheduler.ts';
import type { ServiceRegistry } from './service-registry.ts';
import { createSlackSink, type SlackSink } from './slack/slack-sink.ts';
import { createStorage, type Storage } from './storage/storage.ts';

/** Creates each service and binds it to its port. */

export async function startStorage(
  registry: ServiceRegistry,
  { project, stateDir }: Settings,
  { directory: { policies } }: Project,
): Promise<Storage> {
  const storage = createStorage({ stateDir, context: registry.context, project, policies });
  await registry.serve('storage', storage.server);
  return storage;
}

/** The metadata server for clients on this computer; they are on no instance. */
export async function startHostMetadata(
  registry: ServiceRegistry,
  { project, iam }: Settings,
): Promise<void> {
  // Where permissions are enforced, whoever uses this computer is the owner.
  const serviceAccount = iam ? { ...DEFAULT_SERVICE_ACCOUNT, email: OWNER } : DEFAULT_SERVICE_ACCOUNT;
  const source = fixedMetadata({ project: projectFacts(project), serviceAccount });
  await registry.serve('metadata', createMetadataServer(source, registry.context));
}

export async function startSlack(registry: ServiceRegistry, { slack }: Settings): Promise<SlackSink> {
  const sink = createSlackSink({
    workspace: slack,
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
  { project, variables, vmHost, path, diskVariable, freshDisk = false }: Settings,
  { directory: { policies } }: Project,
): Promise<Compute> {
  const { context } = registry;
  let endpoints: Endpoints | undefined;
  void registry.endpoints.then((known) => {
    endpoints = known;
  });
  const vms = await vmHost({
    directory: registry.path('vms'),
    context,
    path,
    endpoints: () => (endpoints ? variables(endpoints) : {}),
    freshDisk,
    ...(diskVariable !== undefined && { diskVariable }),
  });
  registry.onClose(() => vms.close());
  const compute = createCompute({ stateDir: registry.path('compute'), context, project, vms, policies });
  registry.onClose(() => compute.close());
  await registry.serve('compute', compute.server);
  return compute;
}

export async function startFunctions(
  registry: ServiceRegistry,
  { revisions }: Settings,
): Promise<FunctionsHost> {
  const host = createFunctionsHost({
    revisions,
    logDir: registry.path('logs'),
    preload: functionsPreload(),
    context: registry.context,
    onEvent: (event) => registry.emit({ kind: 'function', event }),
  });
  registry.onClose(() => host.close());
  await registry.serve('functions', host.server);
  return host;
}

/** Cloud Functions, on top of the functions host. */
export function startCloudFunctions(
  registry: ServiceRegistry,
  settings: Settings,
  { project, storage, functions }: { project: Project; storage: Storage; functions: FunctionsHost },
): CloudFunctions {
  const { directory, secrets, guard } = project;
  const cloudFunctions = createCloudFunctions({
    stateDir: registry.path('functions'),
    project: settings.project,
    context: registry.context,
    accounts: directory.accounts,
    policies: directory.policies,
    secrets,
    guard,
    store: storage.store,
    signer: storage.signer,
    host: functions,
    framework: functionsFramework(),
    path: `${dirname(process.execPath)}${delimiter}${settings.path}`,
    hostUrl: async () => (await registry.endpoints).functions,
    storageUrl: async () => (await registry.endpoints).storage,
    environment: async () => ({
      ...hostEnvironment(registry.path('home'), settings.path),
      ...settings.variables(await registry.endpoints),
    }),
  });
  registry.onClose(() => cloudFunctions.close());
  return cloudFunctions;
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
  { project }: Settings,
  { pubsub, guard }: { pubsub: PubSub; guard: PolicyGuard | undefined },
): Promise<Scheduler> {
  const agent = principalOf(SCHEDULER_AGENT);
  const scheduler = createScheduler({
    stateDir: registry.path('scheduler'),
    context: registry.context,
    project,
    publish(topic, message) {
      guard?.requireOf(agent, 'pubsub.topics.publish', pubsubResource(topic));
      return pubsub.publish(topic, message);
    },
  });
  registry.onClose(() => scheduler.close());
  await registry.bind('scheduler', scheduler.listen);
  return scheduler;
}
