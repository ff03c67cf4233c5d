import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CloudClock } from '../core/clock.ts';
import { StateFile } from '../core/state-file.ts';
import { conflict, notFound } from '../http/api-error.ts';
import { applyMask, maskPaths } from '../http/field-mask.ts';
import { type Page, page } from '../http/paging.ts';
import { checkJob } from './checks.ts';
import type { Job, JobRequest } from './job.ts';
import { retriesRemain, retryDelayMs } from './retry.ts';
import { nextFiring } from './schedule.ts';
import { statusOf } from './status.ts';

/** Publishes to Pub/Sub; throws what Pub/Sub refuses. */
export type Publish = (
  topic: string,
  message: { data?: string; attributes?: Record<string, string> },
) => unknown;

export interface JobsOptions {
  stateDir: string;
  clock: CloudClock;
  publish: Publish;
}

/** One firing of a job: its first attempt, and the retries after that. */
interface Firing {
  startedAt: number;
  /** How many retries were made so far. */
  retries: number;
}

/** The jobs on disk, and a timer for each one that is enabled. What fell due while nobody was here is not caught up. */
export class Jobs {
  readonly #clock: CloudClock;
  readonly #publish: Publish;
  readonly #file: StateFile<Record<string, Job>>;
  readonly #timers = new Map<string, () => void>();

  constructor({ stateDir, clock, publish }: JobsOptions) {
    this.#clock = clock;
    this.#publish = publish;
    this.#file = new StateFile(join(stateDir, 'jobs.json'), {});
    for (const job of Object.values(this.#file.value)) this.#follow(job);
  }

  create(parent: string, request: JobRequest): Job {
    const settings = checkJob(
      { ...request, name: request.name ?? `${parent}/jobs/${randomUUID()}` },
      this.#now(),
    );
    if (this.#file.value[settings.name]) throw conflict(`Job ${settings.name} exists already.`);
    return this.#set({ ...settings, state: 'ENABLED', userUpdateTime: this.#now().toISOString() });
  }

  /** Creates the job, or gives it these settings where it exists. */
  ensure(request: JobRequest & { name: string }): Job {
    const [parent = ''] = request.name.split('/jobs/');
    return this.#file.value[request.name] ? this.update(request.name, request) : this.create(parent, request);
  }

  get(name: string): Job {
    const job = this.#file.value[name];
    if (job) return job;
    throw notFound(`Job ${name} does not exist. Create it with: gcloud scheduler jobs create pubsub`);
  }

  list(parent: string, pageSize?: number, pageToken?: string): Page<Job> {
    const ours = Object.values(this.#file.value).filter(({ name }) => name.startsWith(`${parent}/jobs/`));
    return page(ours, ({ name }) => name, pageSize, pageToken);
  }

  /** Without a mask, every field of the request is changed. */
  update(name: string, changes: JobRequest, updateMask?: string): Job {
    const current = this.get(name);
    const paths = maskPaths(updateMask ?? Object.keys(changes)).filter((path) => path !== 'name');
    const settings = checkJob({ ...applyMask<JobRequest>(current, changes, paths), name }, this.#now());
    const { state, status = {}, lastAttemptTime } = current;
    return this.#set({
      ...settings,
      state,
      status,
      ...(lastAttemptTime && { lastAttemptTime }),
      userUpdateTime: this.#now().toISOString(),
    });
  }

  delete(name: string): void {
    this.get(name);
    this.#cancel(name);
    delete this.#file.value[name];
    this.#file.save();
  }

  pause(name: string): Job {
    return this.#set({ ...this.get(name), state: 'PAUSED' });
  }

  resume(name: string): Job {
    return this.#set({ ...this.get(name), state: 'ENABLED' });
  }

  /** Attempts the job now, also while it is paused; its schedule stays as it is. */
  async run(name: string): Promise<Job> {
    const job = this.get(name);
    await this.#attempt(job);
    this.#file.save();
    return job;
  }

  close(): void {
    for (const name of this.#timers.keys()) this.#cancel(name);
  }

  #set(job: Job): Job {
    this.#file.value[job.name] = job;
    this.#follow(job);
    this.#file.save();
    return job;
  }

  /** Arms the timer of the next firing by the schedule, or none while the job is paused. */
  #follow(job: Job): void {
    this.#cancel(job.name);
    delete job.scheduleTime;
    if (job.state === 'PAUSED') return;
    this.#arm(job, this.#nextFiring(job), () =>
      this.#fire(job, { startedAt: this.#now().getTime(), retries: 0 }),
    );
  }

  async #fire(job: Job, firing: Firing): Promise<void> {
    const succeeded = await this.#attempt(job);
    // The job may have been changed, paused or deleted while its message was published.
    if (this.#file.value[job.name] !== job) return;
    if (succeeded || !this.#retry(job, { ...firing, retries: firing.retries + 1 })) this.#follow(job);
    this.#file.save();
  }

  /** Arms the timer of a retry; false if there is none before the next firing by the schedule. */
  #retry(job: Job, firing: Firing): boolean {
    const elapsed = this.#now().getTime() - firing.startedAt;
    const due = new Date(this.#now().getTime() + retryDelayMs(job.retryConfig, firing.retries));
    if (!retriesRemain(job.retryConfig, firing.retries, elapsed) || due >= this.#nextFiring(job))
      return false;
    this.#arm(job, due, () => this.#fire(job, firing));
    return true;
  }

  /** Publishes the job's message and records what became of it. */
  async #attempt(job: Job): Promise<boolean> {
    const { topicName, data, attributes } = job.pubsubTarget;
    job.lastAttemptTime = this.#now().toISOString();
    try {
      await this.#publish(topicName, { ...(data && { data }), ...(attributes && { attributes }) });
      job.status = {};
      return true;
    } catch (error) {
      job.status = statusOf(error);
      return false;
    }
  }

  #arm(job: Job, due: Date, fire: () => Promise<void>): void {
    job.scheduleTime = due.toISOString();
    const cancel = this.#clock.after(due.getTime() - this.#now().getTime(), () => void fire());
    this.#timers.set(job.name, cancel);
  }

  #cancel(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  #nextFiring({ schedule, timeZone }: Job): Date {
    return nextFiring(schedule, timeZone, this.#now());
  }

  #now(): Date {
    return this.#clock.now();
  }
}
