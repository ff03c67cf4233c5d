import type { protos } from '@google-cloud/scheduler';
import type { Timing } from '../../shared/schedule/cron.ts';
import type { Connection } from './connection.ts';
import { jobName, schedulerClient } from './schedules.ts';
import { ignoreNotFound, withDeadline } from './with-deadline.ts';

type IJob = protos.google.cloud.scheduler.v1.IJob;

/** A Cloud Scheduler job, as far as a person asks for it. */
export interface Job extends Timing {
  isPaused: boolean;
  /** RFC 3339; absent before the first one. */
  lastAttemptAt?: string;
  /** What went wrong at the last attempt. */
  lastError?: string;
}

/** Cloud Scheduler's jobs by their ids. */
export interface Jobs {
  find(id: string): Promise<Job | undefined>;
  retime(id: string, timing: Timing): Promise<Job>;
  pause(id: string): Promise<Job>;
  resume(id: string): Promise<Job>;
  run(id: string): Promise<void>;
}

export function scheduledJobs(connection: Connection): Jobs {
  const client = schedulerClient(connection);
  const nameOf = (id: string) => jobName(connection, id);
  const call = async (id: string, verb: string, request: () => Promise<[IJob, ...unknown[]]>) =>
    jobOf((await withDeadline(`${verb} job ${id}`, request))[0]);
  return {
    async find(id) {
      const found = await ignoreNotFound(`read job ${id}`, () => client.getJob({ name: nameOf(id) }));
      return found && jobOf(found[0]);
    },
    retime(id, { cron, timeZone }) {
      const job = { name: nameOf(id), schedule: cron, timeZone };
      const updateMask = { paths: ['schedule', 'time_zone'] };
      return call(id, 'change', () => client.updateJob({ job, updateMask }));
    },
    pause: (id) => call(id, 'pause', () => client.pauseJob({ name: nameOf(id) })),
    resume: (id) => call(id, 'resume', () => client.resumeJob({ name: nameOf(id) })),
    async run(id) {
      await call(id, 'run', () => client.runJob({ name: nameOf(id) }));
    },
  };
}

function jobOf({ schedule, timeZone, state, lastAttemptTime, status }: IJob): Job {
  return {
    cron: schedule ?? '',
    timeZone: timeZone ?? '',
    isPaused: state === 'PAUSED',
    ...(lastAttemptTime?.seconds && {
      lastAttemptAt: new Date(Number(lastAttemptTime.seconds) * 1000).toISOString(),
    }),
    ...(status?.code && { lastError: status.message || `code ${status.code}` }),
  };
}
