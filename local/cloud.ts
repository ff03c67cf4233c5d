import { mkdirSync } from 'node:fs';
import type { Activity } from './activity.ts';
import { createAdmin } from './admin/admin.ts';
import type { AdminCloud } from './admin/admin-cloud.ts';
import { type CloudOptions, withDefaults } from './cloud-options.ts';
import type { Endpoints } from './endpoints.ts';
import { watchInstances } from './instance-watch.ts';
import { openProject } from './project.ts';
import type { PubSub } from './pubsub/pubsub.ts';
import type { Scheduler } from './scheduler/scheduler.ts';
import { ServiceRegistry } from './service-registry.ts';
import {
  startCloudFunctions,
  startCompute,
  startFunctions,
  startHostMetadata,
  startPubSub,
  startScheduler,
  startSlack,
  startStorage,
} from './services.ts';

export interface Cloud extends AdminCloud, AsyncDisposable {
  endpoints: Endpoints;
  pubsub: PubSub;
  scheduler: Scheduler;
  /** Calls `listener` with every activity from now on. */
  onActivity(listener: (activity: Activity) => void): void;
  /** Stops the VMs, the functions and the services; the state stays. `await using` does the same. */
  close(): Promise<void>;
}

/**
 * Starts the emulator on 127.0.0.1 with one project, which is empty unless `stateDir` has an earlier state. Throws PortInUseError
 * where a port is taken; nothing is left running then.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  await using cleanup = new AsyncDisposableStack();
  const settings = withDefaults(options);
  const { stateDir, portBase, iam } = settings;
  const registry = new ServiceRegistry(stateDir, portBase, cleanup, (caller) => functions.countCall(caller));
  const { clock, faults, calls } = registry;
  const project = openProject(registry, {
    project: settings.project,
    iam,
    accountOfFunction: (name) => functions.accountOf(name),
  });
  const storage = await startStorage(registry, settings, project);
  await startHostMetadata(registry, settings);
  const slack = await startSlack(registry, settings);
  const compute = await startCompute(registry, settings, project);
  const functions = await startFunctions(registry, settings);
  const pubsub = await startPubSub(registry, project);
  const scheduler = await startScheduler(registry, settings, { pubsub, guard: project.guard });
  const parts = { clock, faults, calls, project, storage, pubsub, compute, scheduler, functions, slack };
  await registry.serve('admin', createAdmin(parts, settings.project, registry.context));
  const cloudFunctions = startCloudFunctions(registry, settings, { project, storage, functions });
  await registry.serve('management', project.server(cloudFunctions));

  mkdirSync(registry.path('home'), { recursive: true, mode: 0o700 });
  const endpoints = registry.complete(settings.substitutes);
  await cloudFunctions.resume();
  watchInstances(compute.store, (activity) => registry.emit(activity));

  const running = cleanup.move();
  const close = () => running.disposeAsync();
  return {
    ...parts,
    endpoints,
    onActivity: (listener) => registry.onActivity(listener),
    close,
    [Symbol.asyncDispose]: close,
  };
}
