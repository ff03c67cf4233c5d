import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { NotFoundError } from '../../shared/errors.ts';
import { resultsPrefix } from '../../shared/model/layout.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import type { FileStore } from '../../shared/ports/files.ts';
import type { ObjectInfo } from '../../shared/ports/objects.ts';
import type { Context } from '../context/context.ts';
import { Progress } from '../output/progress.ts';
import { readOutcome, readOutputs } from '../runs/records.ts';
import { openGit } from '../source/git.ts';
import { bytesOfParts, downloadFiles, missingFiles } from './download.ts';
import { type FanOut, fanOut, isOutput } from './fan-out.ts';
import { ignoresCase } from './ignores-case.ts';
import { linkLatest } from './link-latest.ts';
import {
  latestLink,
  type Placed,
  placeResults,
  type ResultFile,
  resultsFolder,
  type Skipped,
  serialLogFile,
} from './places.ts';

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
  /** Results that cannot have their place on this disk. */
  skipped: Skipped[];
  serialLog?: string;
  fanOut?: FanOut;
}

/** Fetches a run's results. Throws NotFoundError where it has none. */
export async function pullResults(context: Context, status: Status, options: PullOptions): Promise<Pulled> {
  const { runId } = status;
  const { directory } = context.repository;
  const objects = await context.objects();
  const folder = options.output ?? resultsFolder(directory, runId);
  const placed = await placeFiles(objects, status, folder);
  if (placed.files.length + placed.skipped.length === 0) {
    throw new NotFoundError(`Run ${runId} (${status.status}) has no results in ${status.resultsPrefix}.`);
  }
  const missing = await missingFiles(objects, placed.files);
  const resumedBytes = await bytesOfParts(folder, missing);
  const homeless = await download(context, objects, folder, missing, resumedBytes);
  const lost = new Set(homeless.map((each) => each.path));
  const files = placed.files.filter((each) => !lost.has(each.path));
  const aside = options.output === undefined ? await linkLatest(directory, runId) : undefined;
  if (aside) context.terminal.warn(`${latestLink(directory)} was not a link. It is now ${aside}.`);
  const serialLog = await copySerialLog(directory, runId, files);
  return {
    runId,
    directory: folder,
    files: files.length,
    bytes: files.reduce((sum, { object }) => sum + object.bytes, 0),
    alreadyThere: files.length - missing.length,
    resumedBytes,
    skipped: [...placed.skipped, ...homeless],
    ...(serialLog && { serialLog }),
    ...(options.fanOut && { fanOut: await fanOutResults(context, objects, status, files, options.force) }),
  };
}

/** Without the outputs that an earlier attempt left, if a later one succeeded: they do not belong to the results. */
async function placeFiles(objects: FileStore, status: Status, folder: string): Promise<Placed> {
  const { runId } = status;
  const found = await resultsOf(objects, status);
  if (found.length === 0) return { files: [], skipped: [] };
  await mkdir(folder, { recursive: true });
  return placeResults(found, runId, folder, await ignoresCase(folder));
}

async function resultsOf(objects: FileStore, status: Status): Promise<ObjectInfo[]> {
  const { runId, attempt = 1 } = status;
  const prefix = `${resultsPrefix(runId)}/`;
  const all = await objects.list({ prefix });
  if (status.status !== 'succeeded' || attempt === 1) return all;
  const [outputs, outcome] = await Promise.all([readOutputs(objects, runId), readOutcome(objects, status)]);
  if (!outcome) return all;
  const uploaded = new Set(outcome.manifest.map(({ name }) => name));
  return all.filter(({ name }) => uploaded.has(name) || !isOutput(name.slice(prefix.length), outputs));
}

async function download(
  context: Context,
  objects: FileStore,
  folder: string,
  missing: ResultFile[],
  resumedBytes: number,
): Promise<Skipped[]> {
  const { clock } = context.host;
  const total = missing.reduce((sum, { object }) => sum + object.bytes, 0) - resumedBytes;
  const progress = new Progress(context.terminal, 'downloading', total, () => clock.now().getTime());
  try {
    return await downloadFiles(objects, folder, missing, clock, (bytes) => progress.add(bytes));
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
      : `Run ${status.runId} is not finished`;
    context.terminal.warn(
      `${why}: its outputs may be partial, and are not copied into their own directories. --force copies them.`,
    );
    return { written: [], skipped: [] };
  }
  const { directory } = context.repository;
  const outputs = localOutputs(context, status.target);
  return fanOut({ objects, directory, files, outputs, tracked: await trackedPaths(directory), force });
}

/** What vicinity.yaml here says: a run, or whoever can write to the bucket, must not choose the files that it replaces. */
function localOutputs({ config, terminal }: Context, target: string): string[] {
  const local = config.targets[target];
  if (!local) {
    terminal.warn(
      `${target} is not a target of the configuration here, so its outputs are not copied into their own directories.`,
    );
  }
  return local?.outputs ?? [];
}

/** None where the directory is in no git work tree. */
async function trackedPaths(directory: string): Promise<Set<string>> {
  const git = await openGit(directory).catch(() => undefined);
  const tracked = await git?.trackedFiles([]);
  return new Set(tracked);
}
