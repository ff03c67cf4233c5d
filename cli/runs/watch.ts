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
/** The VM sends new lines every five seconds, so a line appears within ten. */
const MAX_PAUSE_MS = 3000;
const GROWTH = 1.5;
const REDRAW_MS = 1000;
const BAR_CELLS = 20;
const LEAST_BAR_CELLS = 4;
const DEFAULT_COLUMNS = 80;

export interface Watched {
  runId: string;
  /** Name of the log object. */
  log: string;
  deadlineMs: number;
}

/**
 * Follows a run to its end: stages on stderr, a growing log on stdout, read from the bucket only.
 * Ctrl-C detaches; the run continues. Returns the exit code of the run. Waits while the bucket is unavailable.
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
      `Detached. Run ${runId} continues. Follow it with vicinity watch ${runId}, or end it with vicinity cancel ${runId}.`,
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
  /** The status of the record, updated by the heartbeat. */
  #status: Status | undefined;
  #stage = '';
  #pauseMs = FIRST_PAUSE_MS;
  #isUnavailable = false;

  constructor(context: Context, objects: FileStore, { runId, log }: Watched) {
    this.#context = context;
    this.#objects = objects;
    this.#runId = runId;
    this.#log = new GrowingLog(objects, log);
  }

  /** Reads and prints what is new, and looks again sooner where there was something. Returns the record once the run has finished. */
  async look(): Promise<RunRecord | undefined> {
    try {
      const hasNews = await this.#printNews();
      this.#pauseMs = hasNews ? FIRST_PAUSE_MS : Math.min(this.#pauseMs * GROWTH, MAX_PAUSE_MS);
      this.#isUnavailable = false;
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      this.#pauseMs = MAX_PAUSE_MS;
      if (!this.#isUnavailable) this.#context.terminal.warn(`${error.message} The run is not affected.`);
      this.#isUnavailable = true;
    }
    return this.#record && isFinished(this.#record.status) ? this.#record : undefined;
  }

  /** Waits for the next look, with a live line. True on Ctrl-C. */
  async pause(interrupted: Promise<boolean>): Promise<boolean> {
    const { clock } = this.#context.host;
    const until = clock.now().getTime() + this.#pauseMs;
    for (let left = this.#pauseMs; left > 0; left = until - clock.now().getTime()) {
      this.#context.terminal.live.draw(this.#liveLine());
      if (await Promise.race([interrupted, clock.sleep(Math.min(left, REDRAW_MS))])) return true;
    }
    return false;
  }

  async #printNews(): Promise<boolean> {
    const record = await findRun(this.#objects, this.#runId);
    const heartbeat = await readHeartbeat(this.#objects, record.status);
    const isNewStage = this.#printStage(record.status, heartbeat);
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

  #printStage(status: Status, heartbeat: Heartbeat | undefined): boolean {
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
    const line = (cells: number) => {
      const progress = this.#status && progressText(this.#status, now, cells);
      const parts = [this.#runId, this.#stage, describeSeconds(Math.max(0, seconds)), progress];
      return parts.filter(Boolean).join('  ');
    };
    // The bar shrinks first, so that the time left stays visible.
    const room = (this.#context.host.stderr.columns || DEFAULT_COLUMNS) - 2 - line(0).length;
    return line(room < LEAST_BAR_CELLS ? 0 : Math.min(room, BAR_CELLS));
  }

  #time(): string {
    return this.#context.host.clock.now().toISOString().slice(11, 19);
  }
}

/** Prints the result of the run; returns the exit code. */
function printEnd({ terminal, json }: Context, { text, status }: RunRecord): ExitCode {
  if (json) terminal.data(text.trimEnd());
  terminal.note(runSentence(status));
  const suspicion = suspicionOf(status);
  if (suspicion) terminal.warn(suspicion);
  return exitCodeOf(status);
}

function tooLong(runId: string, deadlineMs: number): WaitedTooLongError {
  return new WaitedTooLongError(
    `Run ${runId} has not finished after ${describeSeconds(deadlineMs / 1000)} of watching. It continues. Follow it with vicinity watch ${runId}.`,
  );
}
