import type { Clock } from '../../shared/ports/clock.ts';
import {
  isJobOver,
  isTaskOver,
  type JobBlock,
  type JobFacts,
  type JobRequest,
  type JobState,
  type Jobs,
  type OwnJob,
  type TaskFacts,
} from '../../shared/ports/jobs.ts';

export interface FakeJob {
  request: JobRequest;
  state: JobState;
  since: string;
  blocked: JobBlock | undefined;
  tasks: TaskFacts[];
  /** Tasks that `tasks()` does not list yet. */
  hidden: Set<number>;
}

/** A fleet whose tasks move when a test says so. A job ends with its last task. */
export class FakeJobs implements Jobs {
  readonly region = 'us-east4';
  readonly jobs = new Map<string, FakeJob>();
  readonly #clock: Clock;
  /** Thrown by the next calls of the method. */
  readonly errors: { [Method in keyof Jobs]?: Error[] } = {};
  /** Whether a cancellation only begins; `endCancelled` ends it. */
  cancelsSlowly = false;
  creations = 0;
  cancellations = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async create(id: string, request: JobRequest): Promise<'created' | 'exists'> {
    this.#fail('create');
    if (this.jobs.has(id)) return 'exists';
    this.creations += 1;
    const tasks = Array.from({ length: request.taskCount }, (_, index) => pending(index));
    const since = this.#clock.now().toISOString();
    this.jobs.set(id, { request, state: 'QUEUED', since, blocked: undefined, tasks, hidden: new Set() });
    return 'created';
  }

  async read(id: string): Promise<JobFacts | undefined> {
    this.#fail('read');
    const job = this.jobs.get(id);
    return job && { state: job.state, since: job.since, ...(job.blocked && { blocked: job.blocked }) };
  }

  async tasks(id: string): Promise<TaskFacts[]> {
    this.#fail('tasks');
    const { tasks = [], hidden } = this.jobs.get(id) ?? {};
    return tasks.filter(({ index }) => !hidden?.has(index)).map((task) => ({ ...task }));
  }

  async cancel(id: string): Promise<void> {
    this.#fail('cancel');
    const job = this.jobs.get(id);
    if (!job || isJobOver(job.state)) return;
    this.cancellations += 1;
    this.#enter(job, 'CANCELLATION_IN_PROGRESS');
    if (!this.cancelsSlowly) this.endCancelled(id);
  }

  async ours(): Promise<OwnJob[]> {
    this.#fail('ours');
    return [...this.jobs].map(([id, { request, state }]) => ({
      id,
      runId: request.runId,
      isOver: isJobOver(state),
    }));
  }

  /** The next `count` pending tasks begin: up to the job's parallelism where none is given. */
  begin(id: string, count?: number): TaskFacts[] {
    const job = this.#job(id);
    const running = job.tasks.filter(({ state }) => state === 'RUNNING').length;
    const begun = job.tasks
      .filter(({ state }) => state === 'PENDING')
      .slice(0, count ?? job.request.parallelism - running);
    for (const task of begun) task.state = 'RUNNING';
    if (begun.length) this.#enter(job, 'RUNNING');
    return begun;
  }

  /** The task ends with the exit code; from 50000 they are Batch's own (50001: preempted). */
  end(id: string, index: number, exitCode: number): void {
    const job = this.#job(id);
    job.tasks[index] = { index, state: exitCode === 0 ? 'SUCCEEDED' : 'FAILED', exitCode };
    if (!job.tasks.every(({ state }) => isTaskOver(state))) return;
    this.#enter(job, job.tasks.some(({ state }) => state === 'FAILED') ? 'FAILED' : 'SUCCEEDED');
  }

  endCancelled(id: string): void {
    const job = this.#job(id);
    for (const task of job.tasks) {
      if (task.state === 'RUNNING') task.state = 'FAILED';
      if (!isTaskOver(task.state)) task.state = 'UNEXECUTED';
    }
    this.#enter(job, 'CANCELLED');
  }

  #job(id: string): FakeJob {
    const job = this.jobs.get(id);
    if (!job) throw new Error(`There is no job ${id}.`);
    return job;
  }

  #enter(job: FakeJob, state: JobState): void {
    if (job.state === state) return;
    job.state = state;
    job.since = this.#clock.now().toISOString();
  }

  #fail(method: keyof Jobs): void {
    const error = this.errors[method]?.shift();
    if (error) throw error;
  }
}

function pending(index: number): TaskFacts {
  return { index, state: 'PENDING' };
}
