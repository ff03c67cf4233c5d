/** A job's life (Batch `JobStatus.State`, https://docs.cloud.google.com/batch/docs/reference/rest/v1/projects.locations.jobs#state). */
export type JobState =
  | 'QUEUED'
  | 'SCHEDULED'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'DELETION_IN_PROGRESS'
  | 'CANCELLATION_IN_PROGRESS'
  | 'CANCELLED';

/** A task's life (Batch `TaskStatus.State`). UNEXECUTED: the job ended before the task began. */
export type TaskState = 'PENDING' | 'ASSIGNED' | 'RUNNING' | 'FAILED' | 'SUCCEEDED' | 'UNEXECUTED';

/** Why a job's VMs do not start: no machine to be had, no quota left, or a field that Compute Engine refuses. */
export type JobBlock = 'stockout' | 'quota' | 'refused';

/** One wave of shard attempts: one task per VM, each started once. */
export interface JobRequest {
  runId: string;
  /** From 1. With the run id it names the wave object that the tasks read. */
  wave: number;
  taskCount: number;
  /** How many tasks, and so VMs, there are at a time. */
  parallelism: number;
  machineType: string;
  isSpot: boolean;
  /** How long a task may run, upload included. */
  maxRunSeconds: number;
  /** What the startup script reads, as the keys of the VM's metadata (docs/reference/vm.md). No secret. */
  environment: Record<string, string>;
}

/** What was read of a job, at one moment. */
export interface JobFacts {
  state: JobState;
  /** When it entered the state, RFC 3339. */
  since: string;
  /** Absent: nothing is known to hold it up. */
  blocked?: JobBlock;
}

/** What was read of a task. */
export interface TaskFacts {
  /** Its position in the wave, from 0 (BATCH_TASK_INDEX). */
  index: number;
  state: TaskState;
  /** Of a task that is over: its own, or one of Batch's (from 50000). */
  exitCode?: number;
}

/** A job that carries the label of a run. */
export interface OwnJob {
  id: string;
  runId: string;
  isOver: boolean;
}

/**
 * The fleet that runs waves of tasks. Every method throws TransientError where a later try may succeed, PermissionError where the
 * account may not or the API is off.
 */
export interface Jobs {
  readonly region: string;
  /**
   * Creates the job unless one of this id exists, whatever its state. Throws InvalidError where the fleet refuses the request
   * for good. A repeated `requestId` (UUID) has no second effect.
   */
  create(id: string, job: JobRequest, requestId: string): Promise<'created' | 'exists'>;
  /** Returns undefined where there is no such job. */
  read(id: string): Promise<JobFacts | undefined>;
  /** The tasks in the order of their index. Some or all may be missing for minutes after the job has begun. */
  tasks(id: string): Promise<TaskFacts[]>;
  /** Asks the job to end; does not wait, and keeps its details. No effect on a job that is over or missing. */
  cancel(id: string, requestId: string): Promise<void>;
  /** Every job of a run of this deployment that the fleet still has. */
  ours(): Promise<OwnJob[]>;
}

const OVER: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

/** States in which no task of the job runs or will run. */
export function isJobOver(state: JobState): boolean {
  return OVER.has(state);
}

/** States in which the task does not run and will not. */
export function isTaskOver(state: TaskState): boolean {
  return state === 'FAILED' || state === 'SUCCEEDED' || state === 'UNEXECUTED';
}

/** The id of a wave's job: `v20261201-060000-1a2b-w1`. A repeated creation after a lost reply finds it. */
export function jobId(runId: string, wave: number): string {
  return `v${runId}-w${wave}`;
}

const JOB_ID = /\bv(\d{8}-\d{6}-[0-9a-f]{4})-w([1-9]\d{0,3})\b/;

/** The run and wave of the first job id in the text, such as a job's resource name; undefined where there is none. */
export function waveOf(text: string): { runId: string; wave: number } | undefined {
  const [, runId, wave] = JOB_ID.exec(text) ?? [];
  return runId && wave ? { runId, wave: Number(wave) } : undefined;
}
