import { describeSeconds } from '../../shared/config/duration.ts';
import { TransientError } from '../../shared/errors.ts';
import { readHeartbeat } from '../../shared/history/heartbeat.ts';
import type { Heartbeat } from '../../shared/model/attempt.ts';
import type { RunSpec } from '../../shared/model/spec.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import type { FileStore } from '../../shared/ports/files.ts';
import { runSentence, stageLine, suspicionOf } from '../../shared/presentation/stage.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit/codes.ts';
import { WaitedTooLongError } from '../exit/errors.ts';
import { progressText } from '../output/progress-text.ts';
import { GrowingLog } from './growing-log.ts';
import { findRun, type RunRecord, readBaseline, withHeartbeat } from './records.ts';

const FIRST_PAUSE_MS = 1000;
/** With the five seconds in which the VM sends what is new, a line is seen within ten. */
const MAX_PAUSE_MS = 3000;
const GROWTH = 1.5;
const REDRAW_MS = 1000;
const BAR_CELLS = 20;

export interface Watched {
  runId: string;
  /** Name of the log object. */
  log: string;
  deadlineMs: number;
}

/**
 * Follows a run to its end: its stages on stderr, a log of it on stdout as it grows, all from the bucket alone.
 * Ctrl-C detaches; the run goes on. Returns the exit code of the run. A bucket out of reach is waited for.
 */
export async function watchRun(context: Context, watched: Watched): Promise<ExitCode> {
  const { runId, deadlineMs } = watched;
  const { host, terminal } = context;
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<boolean>();
  const restore = host.onInterrupt(() => interrupt(true));
  const watch = new Watch(context, await context.objects(), watched);
  const deadline = host.clock.now().getTime() + deadlineMs;
  try {
    for (;;) {
      const finished = await watch.look();
      if (finished) return printEnd(context, finished);
      if (host.clock.now().getTime() >= deadline) throw tooLong(runId, deadlineMs);
      if (await watch.pause(interrupted)) return detach();
    }
  } finally {
    terminal.live.clear();
    restore();
  }

  function detach(): ExitCode {
    terminal.note(
      `Detached. Run ${runId} goes on: vicinity watch ${runId} follows it, vicinity cancel ${runId} ends it.`,
    );
    return EXIT.interrupted;
  }
}

class Watch {
  readonly #context: Context;
  readonly #objects: FileStore;
  readonly #runId: string;
  readonly #log: GrowingLog;
  #record: RunRecord | undefined;
  #spec: Pick<RunSpec, 'baseline'> | undefined;
  /** Of the record, brought up to date. */
  #status: Status | undefined;
  #stage = '';
  #pauseMs = FIRST_PAUSE_MS;
  #isOutOfReach = false;

  constructor(context: Context, objects: FileStore, { runId, log }: Watched) {
    this.#context = context;
    this.#objects = objects;
    this.#runId = runId;
    this.#log = new GrowingLog(objects, log);
  }

  /** Reads what is new and tells it; the next look comes sooner where something was. The record once the run is finished. */
  async look(): Promise<RunRecord | undefined> {
    try {
      const hasNews = await this.#tellNews();
      this.#pauseMs = hasNews ? FIRST_PAUSE_MS : Math.min(this.#pauseMs * GROWTH, MAX_PAUSE_MS);
      this.#isOutOfReach = false;
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      this.#pauseMs = MAX_PAUSE_MS;
      if (!this.#isOutOfReach) this.#context.terminal.warn(`${error.message} The run goes on meanwhile.`);
      this.#isOutOfReach = true;
    }
    return this.#record && isFinished(this.#record.status) ? this.#record : undefined;
  }

  /** Waits for the next look, and lets a person see that time passes. True where it was interrupted. */
  async pause(interrupted: Promise<boolean>): Promise<boolean> {
    const { clock } = this.#context.host;
    const until = clock.now().getTime() + this.#pauseMs;
    for (let left = this.#pauseMs; left > 0; left = until - clock.now().getTime()) {
      this.#context.terminal.live.draw(this.#liveLine());
      if (await Promise.race([interrupted, clock.sleep(Math.min(left, REDRAW_MS))])) return true;
    }
    return false;
  }

  async #tellNews(): Promise<boolean> {
    const record = await findRun(this.#objects, this.#runId);
    const heartbeat = await readHeartbeat(this.#objects, record.status);
    const isNewStage = this.#tellStage(record.status, heartbeat);
    // Read after the status: once that is terminal, the log is complete.
    let hasOutput = false;
    for await (const output of isFinished(record.status) ? this.#log.rest() : this.#log.lines()) {
      hasOutput = true;
      if (!this.#context.json) this.#context.terminal.data(output);
    }
    this.#record = record;
    this.#spec ??= await readBaseline(this.#objects, this.#runId);
    this.#status = withHeartbeat(record.status, heartbeat, this.#spec);
    return isNewStage || hasOutput;
  }

  #tellStage(status: Status, heartbeat: Heartbeat | undefined): boolean {
    const stage = stageLine(status, heartbeat);
    if (stage === this.#stage) return false;
    this.#stage = stage;
    if (!isFinished(status)) this.#context.terminal.note(`${this.#time()} ${stage}`);
    return true;
  }

  #liveLine(): string {
    const since = this.#record?.status.startedAt ?? this.#record?.status.requestedAt;
    if (since === undefined) return this.#runId;
    const now = this.#context.host.clock.now();
    const seconds = (now.getTime() - Date.parse(since)) / 1000;
    const progress = this.#status && progressText(this.#status, now, BAR_CELLS);
    return [this.#runId, this.#stage, describeSeconds(Math.max(0, seconds)), progress]
      .filter(Boolean)
      .join('  ');
  }

  #time(): string {
    return this.#context.host.clock.now().toISOString().slice(11, 19);
  }
}

/** Tells how the run ended; returns its exit code. */
function printEnd({ terminal, json }: Context, { text, status }: RunRecord): ExitCode {
  if (json) terminal.data(text.trimEnd());
  terminal.note(runSentence(status));
  const suspicion = suspicionOf(status);
  if (suspicion) terminal.warn(suspicion);
  return exitCodeOf(status);
}

function tooLong(runId: string, deadlineMs: number): WaitedTooLongError {
  return new WaitedTooLongError(
    `Run ${runId} is not finished after ${describeSeconds(deadlineMs / 1000)} of watching. It goes on: vicinity watch ${runId} follows it.`,
  );
}
