import type { Server } from 'node:http';
import { createService, listen, type ServiceContext } from '../http/service.ts';
import { Jobs, type Publish } from './jobs.ts';
import { schedulerAccess, schedulerRoutes } from './routes.ts';

export interface SchedulerOptions {
  /** Holds the jobs; a restart finds them again. */
  stateDir: string;
  context: ServiceContext;
  publish: Publish;
  project: string;
}

export interface Scheduler {
  jobs: Jobs;
  server: Server;
  /** Serves on 127.0.0.1 and returns the port; 0 takes a free one. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/** Cloud Scheduler. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { stateDir, context, publish, project } = options;
  const jobs = new Jobs({ stateDir, clock: context.clock, publish });
  const server = createService('cloudscheduler', schedulerRoutes(jobs), context, schedulerAccess(project));
  return {
    jobs,
    server,
    listen: (port) => listen(server, port),
    async close() {
      jobs.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
