import type { Server } from 'node:http';
import { createService, listen, type ServiceContext } from '../http/service.ts';
import { Jobs, type Publish } from './jobs.ts';
import { schedulerRoutes } from './routes.ts';

export interface SchedulerOptions {
  /** The jobs live here, and are found again after a restart. */
  stateDir: string;
  context: ServiceContext;
  publish: Publish;
}

export interface Scheduler {
  server: Server;
  /** Serves on 127.0.0.1; 0 takes a free port. Returns the port. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/** The local cloud's Cloud Scheduler. */
export function createScheduler({ stateDir, context, publish }: SchedulerOptions): Scheduler {
  const jobs = new Jobs({ stateDir, clock: context.clock, publish });
  const server = createService('cloudscheduler', schedulerRoutes(jobs), context);
  return {
    server,
    listen: (port) => listen(server, port),
    async close() {
      jobs.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
