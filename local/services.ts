import { delimiter, dirname } from 'node:path';
import { vmsDir } from '../sandbox/state-dir.ts';
import { functionsFramework, functionsPreload } from './assets.ts';
import type { CloudOptions } from './cloud.ts';
import { type CloudFunctions, createCloudFunctions } from './cloud-functions/cloud-functions.ts';
import { type Compute, createCompute } from './compute/compute.ts';
import { DEFAULT_SERVICE_ACCOUNT } from './compute/guest-facts.ts';
import { projectFacts } from './core/project.ts';
import { type Endpoints, endpointVariables, hostOf } from './endpoints.ts';
import { functionEnvironment, hostEnvironment } from './functions/environment.ts';
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
import type { Assembly } from './service-registry.ts';
import { createSlackSink, type SlackSink } from './slack/slack-sink.ts';
import { createStorage, type Storage } from './storage/storage.ts';
import { createProcessVmHost } from './vm/process/process-vm-host.ts';

/** The services, each made and bound to its port. */

type Options = CloudOptions & { path: string };

export async function startStorage(
  assembly: Assembly,
  { config, stateDir }: CloudOptions,
  { directory: { policies } }: Project,
): Promise<Storage> {
  const storage = createStorage({ stateDir, context: assembly.context, project: config.project, policies });
  await assembly.serve('storage', storage.server);
  return storage;
}

/** The metadata server that clients on this computer ask; they are on no instance. */
export async function startHostMetadata(assembly: Assembly, { config, iam }: CloudOptions): Promise<void> {
  const project = projectFacts(config.project);
  // Where permissions are enforced, who is at this computer is the owner.
  const serviceAccount = iam ? { ...DEFAULT_SERVICE_ACCOUNT, email: OWNER } : DEFAULT_SERVICE_ACCOUNT;
  const source = fixedMetadata({ project, serviceAccount });
  await assembly.serve('metadata', createMetadataServer(source, assembly.context));
}

export async function startSlack(assembly: Assembly, { config }: CloudOptions): Promise<SlackSink> {
  const sink = createSlackSink({
    channel: config.slack.channel,
    directory: assembly.path('slack'),
    context: assembly.context,
    onMessage: (message) => assembly.tell({ kind: 'slack', message }),
    onRefusal: (code, detail) => assembly.tell({ kind: 'slack-refused', code, detail }),
  });
  await assembly.serve('slack', sink.server);
  return sink;
}

export async function startCompute(
  assembly: Assembly,
  options: Options,
  { directory: { policies } }: Project,
): Promise<Compute> {
  const { context } = assembly;
  let endpoints: Endpoints | undefined;
  void assembly.endpoints.then((known) => {
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
  assembly.onClose(() => vms.close());
  const stateDir = assembly.path('compute');
  const compute = createCompute({ stateDir, context, project: options.config.project, vms, policies });
  assembly.onClose(() => compute.close());
  await assembly.serve('compute', compute.server);
  return compute;
}

/** An event that comes before every service is there waits for them. */
export async function startFunctions(assembly: Assembly, options: Options): Promise<FunctionsHost> {
  const { functionsDir, config, path } = options;
  const revisions = workingTreeRevisions({
    functionsDir,
    framework: functionsFramework(),
    async environment() {
      const known = await assembly.endpoints;
      return functionEnvironment({
        config,
        endpoints: { ...endpointVariables(known), ...metadataVariables(hostOf(known.metadata)) },
        slackWebhookFile: slackWebhookFile(assembly),
        home: assembly.path('home'),
        path,
      });
    },
  });
  const host = createFunctionsHost({
    revisions: options.empty ? [] : revisions,
    logDir: assembly.path('logs'),
    preload: functionsPreload(),
    context: assembly.context,
    onEvent: (event) => assembly.tell({ kind: 'function', event }),
  });
  assembly.onClose(() => host.close());
  await assembly.serve('functions', host.server);
  return host;
}

/** Cloud Functions on top of the functions host, with what each function needs to reach the other services. */
export function startCloudFunctions(
  assembly: Assembly,
  { config, path }: Options,
  { project, storage, functions }: { project: Project; storage: Storage; functions: FunctionsHost },
): CloudFunctions {
  const { directory, secrets, guard } = project;
  const cloudFunctions = createCloudFunctions({
    ...{ stateDir: assembly.path('functions'), project: config.project, context: assembly.context },
    ...{ accounts: directory.accounts, policies: directory.policies, secrets, guard },
    ...{ store: storage.store, signer: storage.signer, host: functions },
    ...{ framework: functionsFramework(), path: `${dirname(process.execPath)}${delimiter}${path}` },
    hostUrl: async () => (await assembly.endpoints).functions,
    storageUrl: async () => (await assembly.endpoints).storage,
    environment: async () => ({
      ...hostEnvironment(assembly.path('home'), path),
      ...endpointVariables(await assembly.endpoints),
    }),
  });
  assembly.onClose(() => cloudFunctions.close());
  return cloudFunctions;
}

/** Holds the webhook's URL, as a mounted secret does on Google Cloud. */
export function slackWebhookFile(assembly: Assembly): string {
  return assembly.path('slack-webhook');
}

export async function startPubSub(assembly: Assembly, { directory, guard }: Project): Promise<PubSub> {
  const agent = principalOf(PUBSUB_AGENT);
  const pubsub = createPubSub({
    stateDir: assembly.path('pubsub'),
    policies: directory.policies,
    agentMay: (permission, resource) => guard?.allows(agent, permission, resource) ?? true,
    context: assembly.context,
    onDelivery: (event) => assembly.tell({ kind: 'delivery', event }),
  });
  assembly.onClose(() => pubsub.close());
  await assembly.bind('pubsub', pubsub.listen);
  return pubsub;
}

export async function startScheduler(
  assembly: Assembly,
  { config }: CloudOptions,
  { pubsub, guard }: { pubsub: PubSub; guard: PolicyGuard | undefined },
): Promise<void> {
  const scheduler = createScheduler({
    stateDir: assembly.path('scheduler'),
    context: assembly.context,
    project: config.project,
    publish(topic, message) {
      guard?.requireOf(principalOf(SCHEDULER_AGENT), 'pubsub.topics.publish', pubsubResource(topic));
      return pubsub.publish(topic, message);
    },
  });
  assembly.onClose(() => scheduler.close());
  await assembly.bind('scheduler', scheduler.listen);
}
