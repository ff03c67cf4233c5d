import { mkdirSync, writeFileSync } from 'node:fs';
import { clientEnvironment } from '../sandbox/client-environment.ts';
import { provision } from '../sandbox/provision.ts';
import type { Activity } from './activity.ts';
import { createAdmin } from './admin/admin.ts';
import type { AdminCloud } from './admin/admin-cloud.ts';
import type { CloudOptions } from './cloud-options.ts';
import { type Endpoints, webhookUrl } from './endpoints.ts';
import { watchInstances } from './instance-watch.ts';
import { openProject } from './project.ts';
import type { PubSub } from './pubsub/pubsub.ts';
import { ServiceRegistry } from './service-registry.ts';
import {
  slackWebhookFile,
  startCloudFunctions,
  startCompute,
  startFunctions,
  startHostMetadata,
  startPubSub,
  startScheduler,
  startSlack,
  startStorage,
} from './services.ts';
import { BOT_TOKEN } from './slack/bot-api.ts';
import type { Storage } from './storage/storage.ts';

export interface Cloud extends AdminCloud, AsyncDisposable {
  endpoints: Endpoints;
  storage: Storage;
  pubsub: PubSub;
  /** The variables that point clients on this computer to this cloud. */
  env(): Record<string, string>;
  /** Calls `listener` with what happens from now on. */
  onActivity(listener: (activity: Activity) => void): void;
  /** Ends the VM, the functions and the services. The state stays. Also done at the end of `await using`. */
  close(): Promise<void>;
}

/**
 * Starts the local cloud on 127.0.0.1, with the bucket, topics, subscriptions, sweep job and stopped VM of `config`.
 * Fails with PortInUseError where a port is taken; nothing is left running then.
 */
export async function startCloud(given: CloudOptions): Promise<Cloud> {
  await using cleanup = new AsyncDisposableStack();
  const options = { path: process.env.PATH ?? '', ...given };
  const { stateDir, portBase, config, startupScript } = options;
  const registry = new ServiceRegistry(stateDir, portBase, cleanup, (caller) => functions.countCall(caller));
  const { clock, faults, calls } = registry;
  const project = openProject(registry, {
    project: config.project,
    iam: options.iam ?? false,
    accountOfFunction: (name) => functions.accountOf(name),
  });
  const storage = await startStorage(registry, options, project);
  await startHostMetadata(registry, options);
  const slack = await startSlack(registry, options);
  const compute = await startCompute(registry, options, project);
  const functions = await startFunctions(registry, options);
  const pubsub = await startPubSub(registry, project);
  await startScheduler(registry, options, { pubsub, guard: project.guard });
  const parts = { config, clock, faults, calls, project, storage, pubsub, compute, functions, slack };
  await registry.serve('admin', createAdmin(parts, registry.context));
  const cloudFunctions = startCloudFunctions(registry, options, { project, storage, functions });
  await registry.serve('management', project.server(cloudFunctions));

  mkdirSync(registry.path('home'), { recursive: true });
  const endpoints = registry.complete(options.substitutes);
  // With a channel configured it is a bot that posts.
  const secret = config.slack.channel ? BOT_TOKEN : webhookUrl(endpoints);
  writeFileSync(slackWebhookFile(registry), secret, { mode: 0o600 });
  await cloudFunctions.resume();
  if (!options.empty) await provision({ ...parts, endpoints, startupScript });
  watchInstances(compute.store, (activity) => registry.emit(activity));
  calls.clear();

  const running = cleanup.move();
  const close = () => running.disposeAsync();
  return {
    ...parts,
    endpoints,
    env: () => clientEnvironment({ config, endpoints, directory: stateDir }),
    onActivity: (listener) => registry.onActivity(listener),
    close,
    [Symbol.asyncDispose]: close,
  };
}
