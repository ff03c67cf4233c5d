import type { Server } from 'node:http';
import { join } from 'node:path';
import { createService, type ServiceContext } from '../http/service.ts';
import { PolicyBook } from '../iam/policy-book.ts';
import type { MetadataSource } from '../metadata/source.ts';
import type { VmHost } from '../vm/vm-host.ts';
import { computeAccess } from './access.ts';
import { guestFacts } from './guest-facts.ts';
import { ImageStore } from './image-store.ts';
import type { Instance } from './instance.ts';
import { type InstanceBody, instanceFrom } from './instance-body.ts';
import { InstanceStore } from './instance-store.ts';
import { Lifecycle } from './lifecycle.ts';
import { Machines } from './machines.ts';
import { type Operation, Operations } from './operations.ts';
import { recoverFromPowerLoss } from './power-loss.ts';
import { computeRoutes } from './routes.ts';

export interface ComputeOptions {
  stateDir: string;
  context: ServiceContext;
  project: string;
  /** Runs the machines. It is closed by whoever made it, after this. */
  vms: VmHost;
  /** Where the instances' IAM policies are kept; a file in the state directory unless told. */
  policies?: PolicyBook;
}

/** Compute Engine of the local cloud, and what only the operator of a cloud can do. */
export interface Compute {
  server: Server;
  store: InstanceStore;
  /** Makes a stopped instance, unless one of that name is there. */
  define(zone: string, body: InstanceBody): Instance;
  /** Takes a Spot machine back, with 30 seconds' notice. */
  preempt(zone: string, name: string): Operation;
  /** Cuts the power of the instance's machine: a host error. */
  kill(zone: string, name: string): Operation;
  close(): void;
}

export function createCompute(options: ComputeOptions): Compute {
  const { stateDir, context, project, vms } = options;
  const { policies = new PolicyBook(join(stateDir, 'policies.json')) } = options;
  const { clock, faults } = context;
  const store = new InstanceStore(stateDir, project);
  const images = new ImageStore(stateDir, project);
  const operations = new Operations(stateDir, clock);
  recoverFromPowerLoss(store, operations, clock.now());
  const metadataOf = (instance: Instance): MetadataSource => ({
    facts: () => guestFacts(instance, project),
    onChange: (listener) => store.onChange(listener),
  });
  const machines = new Machines(vms, metadataOf);
  const lifecycle = new Lifecycle({ clock, faults, store, operations, machines });
  const routes = computeRoutes({ clock, store, operations, lifecycle, vms, images }, policies);
  const server = createService('compute', routes, context, computeAccess(routes, store));
  return {
    server,
    store,
    define: (zone, body) => store.find(zone, body.name ?? '') ?? store.add(instanceFrom(body, zone, clock)),
    preempt: (zone, name) => lifecycle.preempt(store.get(zone, name)),
    kill: (zone, name) => lifecycle.hostError(store.get(zone, name)),
    close() {
      lifecycle.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
