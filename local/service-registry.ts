import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Activity } from './activity.ts';
import { CallCounts } from './call-counts.ts';
import { CloudClock } from './core/clock.ts';
import { Faults } from './core/faults.ts';
import { StateFile } from './core/state-file.ts';
import { type Endpoints, endpointsOf } from './endpoints.ts';
import { listen, type ServiceContext } from './http/service.ts';
import { bind, type Ports, type ServiceName } from './ports.ts';

/** What the services of one cloud share, while they are started and after that. */
export class ServiceRegistry {
  readonly clock: CloudClock;
  readonly faults = new Faults();
  readonly calls = new CallCounts();
  readonly context: ServiceContext;
  readonly #stateDir: string;
  readonly #portBase: number;
  readonly #cleanup: AsyncDisposableStack;
  readonly #listeners: ((activity: Activity) => void)[] = [];
  readonly #ports: Partial<Ports> = {};
  readonly #endpoints = Promise.withResolvers<Endpoints>();

  /** `cleanup` ends everything, in the reverse order of the start. `onCall` is called for every answered call, with the function that made it. */
  constructor(
    stateDir: string,
    portBase: number,
    cleanup: AsyncDisposableStack,
    onCall: (caller: string | undefined) => void,
  ) {
    this.#stateDir = stateDir;
    this.clock = new CloudClock(new StateFile(this.path('clock.json'), { aheadMs: 0 }));
    this.#portBase = portBase;
    this.#cleanup = cleanup;
    this.onClose(() => this.clock.close());
    this.context = {
      clock: this.clock,
      faults: this.faults,
      onCall: (operation, status, caller) => {
        this.calls.add(operation, status, caller);
        onCall(caller);
      },
    };
  }

  /** Resolves once every service has its port. */
  get endpoints(): Promise<Endpoints> {
    return this.#endpoints.promise;
  }

  /** A path in the state directory. */
  path(name: string): string {
    return join(this.#stateDir, name);
  }

  emit(activity: Activity): void {
    for (const listener of this.#listeners) listener(activity);
  }

  onActivity(listener: (activity: Activity) => void): void {
    this.#listeners.push(listener);
  }

  onClose(end: () => Promise<void> | void): void {
    this.#cleanup.defer(end);
  }

  /** Lets a service listen on its port; whoever made it closes it. */
  async bind(name: ServiceName, listenOn: (port: number) => Promise<number>): Promise<void> {
    this.#ports[name] = await bind(name, this.#portBase, listenOn);
  }

  /** Lets a server listen as a service, and closes it in the end. */
  async serve(name: ServiceName, server: Server): Promise<void> {
    this.onClose(() => closeServer(server));
    await this.bind(name, (port) => listen(server, port));
  }

  /** Every service has been bound. `substitutes`: addresses of other programs that clients are to use in place of ours. */
  complete(substitutes: Partial<Endpoints> = {}): Endpoints {
    const endpoints = { ...endpointsOf(this.#ports as Ports), ...substitutes };
    this.#endpoints.resolve(endpoints);
    return endpoints;
  }
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
