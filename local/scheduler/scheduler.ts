import type { Server } from 'node:http';
import { createService, listen, type ServiceContext } from '../http/service.ts';
import { Jobs, type Publish } from './jobs.ts';
import { schedulerAccess, schedulerRoutes } from './routes.ts';

export interface SchedulerOptions {
  /** The jobs live here, and are found again after a restart. */
  stateDir: string;
  context: ServiceContext;
  publish: Publish;
  project?: string;
}

export interface Scheduler {
  server: Server;
  /** Serves on 127.0.0.1; 0 takes a free port. Returns the port. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/** The local cloud's Cloud Scheduler. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { stateDir, context, publish, project = 'vicinity-local' } = options;
  const jobs = new Jobs({ stateDir, clock: context.clock, publish });
  const server = createService('cloudscheduler', schedulerRoutes(jobs), context, schedulerAccess(project));
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
