import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { NotFoundError } from '../../shared/errors.ts';
import { resultsPrefix } from '../../shared/model/layout.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import type { FileStore } from '../../shared/ports/files.ts';
import type { Context } from '../context/context.ts';
import { Progress } from '../output/progress.ts';
import { readOutcome, readOutputs } from '../runs/records.ts';
import { openGit } from '../source/git.ts';
import { bytesOfParts, downloadFiles, missingFiles } from './download.ts';
import { type FanOut, fanOut, isOutput } from './fan-out.ts';
import { linkLatest } from './link-latest.ts';
import { latestLink, type ResultFile, resultFiles, resultsFolder, serialLogFile } from './places.ts';

export interface PullOptions {
  fanOut: boolean;
  force: boolean;
  /** Folder of the results, instead of the usual one. */
  output: string | undefined;
}

export interface Pulled {
  runId: string;
  /** Folder of the results. */
  directory: string;
  files: number;
  bytes: number;
  /** How many of the files were there, whole, already. */
  alreadyThere: number;
  /** What an interrupted pull has left of the others; not fetched again. */
  resumedBytes: number;
  serialLog?: string;
  fanOut?: FanOut;
}

/** Fetches a run's results. Throws NotFoundError where it has none. */
export async function pullResults(context: Context, status: Status, options: PullOptions): Promise<Pulled> {
  const { runId } = status;
  const { directory } = context.repository;
  const objects = await context.objects();
  const folder = options.output ?? resultsFolder(directory, runId);
  const files = await filesOf(objects, status, folder);
  if (files.length === 0) {
    throw new NotFoundError(`Run ${runId} (${status.status}) has no results in ${status.resultsPrefix}.`);
  }
  const missing = await missingFiles(objects, files);
  const resumedBytes = await bytesOfParts(missing);
  await download(context, objects, missing, resumedBytes);
  if (options.output === undefined && !(await linkLatest(directory, runId))) {
    context.terminal.warn(`${latestLink(directory)} is no link, and is left as it is.`);
  }
  const serialLog = await copySerialLog(directory, runId, files);
  return {
    runId,
    directory: folder,
    files: files.length,
    bytes: files.reduce((sum, { object }) => sum + object.bytes, 0),
    alreadyThere: files.length - missing.length,
    resumedBytes,
    ...(serialLog && { serialLog }),
    ...(options.fanOut && { fanOut: await fanOutResults(context, objects, status, files, options.force) }),
  };
}

/** What an earlier attempt, cut short, has left among the outputs of one that succeeded is none of the run's results. */
async function filesOf(objects: FileStore, status: Status, folder: string): Promise<ResultFile[]> {
  const { runId, attempt = 1 } = status;
  const all = resultFiles(await objects.list({ prefix: `${resultsPrefix(runId)}/` }), runId, folder);
  if (status.status !== 'succeeded' || attempt === 1) return all;
  const [outputs, outcome] = await Promise.all([readOutputs(objects, runId), readOutcome(objects, status)]);
  if (!outcome) return all;
  const uploaded = new Set(outcome.manifest.map(({ name }) => name));
  return all.filter(({ path, object }) => uploaded.has(object.name) || !isOutput(path, outputs));
}

async function download(
  context: Context,
  objects: FileStore,
  missing: ResultFile[],
  resumedBytes: number,
): Promise<void> {
  const { clock } = context.host;
  const total = missing.reduce((sum, { object }) => sum + object.bytes, 0) - resumedBytes;
  const progress = new Progress(context.terminal, 'downloading', total, () => clock.now().getTime());
  try {
    await downloadFiles(objects, missing, clock, (bytes) => progress.add(bytes));
  } finally {
    progress.end();
  }
}

async function copySerialLog(
  directory: string,
  runId: string,
  files: ResultFile[],
): Promise<string | undefined> {
  const serial = files.find((each) => each.path === 'serial.log');
  if (!serial) return undefined;
  const copy = serialLogFile(directory, runId);
  await mkdir(path.dirname(copy), { recursive: true });
  await copyFile(serial.file, copy);
  return copy;
}

/** Outputs of a run that did not succeed are partial: they replace good ones only when forced. */
async function fanOutResults(
  context: Context,
  objects: FileStore,
  status: Status,
  files: ResultFile[],
  force: boolean,
): Promise<FanOut> {
  if (status.status !== 'succeeded' && !force) {
    const why = isFinished(status)
      ? `Run ${status.runId} ended as ${status.status}`
      : `Run ${status.runId} goes on`;
    context.terminal.warn(
      `${why}: its outputs may be partial, and stay in the results only. --force copies them all the same.`,
    );
    return { written: [], skipped: [] };
  }
  const { directory } = context.repository;
  const outputs = await readOutputs(objects, status.runId);
  return fanOut({ objects, directory, files, outputs, tracked: await trackedPaths(directory), force });
}

/** None where the directory is in no git work tree. */
async function trackedPaths(directory: string): Promise<Set<string>> {
  const git = await openGit(directory).catch(() => undefined);
  const tracked = await git?.trackedFiles([]);
  return new Set(tracked);
}
