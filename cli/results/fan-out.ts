import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { FileStore } from '../../shared/ports/files.ts';
import { fanOutRecord, type ResultFile, type Skipped } from './places.ts';

/** CRC-32C of every file that fan-out wrote, by its path below the repository. */
const recordSchema = z.record(z.string(), z.string());

/** These decide what a later command on this computer executes; no run may write them. */
const MAKEFILE = /^(gnumakefile|makefile|.*\.mk|vicinity\.yaml)$/i;
const EXECUTED = 'is a Makefile, a vicinity.yaml or a dotfile, which no run may write here';
const FORCEABLE = {
  tracked: 'is tracked by git',
  other: 'is not a regular file here',
  changed: 'was changed here, or does not come from a run',
};
/** Something else has the place, and forcing does not change that. */
const IN_THE_WAY = ['EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'ENAMETOOLONG', 'ELOOP'];

export interface FanOut {
  written: string[];
  skipped: Skipped[];
}

export interface FanOutOptions {
  objects: FileStore;
  directory: string;
  files: ResultFile[];
  /** Files and directories that vicinity.yaml here declares for the target: what the bucket says counts for nothing. */
  outputs: string[];
  /** Paths that git tracks. */
  tracked: Set<string>;
  force: boolean;
}

/**
 * Copies the outputs into their own directories. A file that git tracks, and one that differs and is not from an earlier fan-out, stays
 * as it is unless `force`. Makefiles, vicinity.yaml and names that begin with a dot are never written.
 */
export async function fanOut({
  objects,
  directory,
  files,
  outputs,
  tracked,
  force,
}: FanOutOptions): Promise<FanOut> {
  const record = await readRecord(directory);
  const result: FanOut = { written: [], skipped: [] };
  for (const { path: output, file, object } of files.filter((each) => isOutput(each.path, outputs))) {
    const target = path.join(directory, output);
    if (isExecuted(output)) {
      result.skipped.push({ path: output, reason: EXECUTED });
      continue;
    }
    const reason = await reasonToSkip(target, output, object.crc32c);
    if (reason === 'same') continue;
    if (reason !== undefined && !force) {
      result.skipped.push({ path: output, reason });
      continue;
    }
    const obstacle = await replace(file, target);
    if (obstacle) {
      result.skipped.push({ path: output, reason: obstacle });
      continue;
    }
    record[output] = object.crc32c;
    result.written.push(output);
  }
  if (result.written.length > 0) await writeRecord(directory, record);
  return result;

  async function reasonToSkip(target: string, output: string, wanted: string): Promise<string | undefined> {
    const found = await lstat(target).catch(() => undefined);
    const present = found?.isFile() ? await objects.checksum(target) : undefined;
    if (present === wanted) return 'same';
    if (tracked.has(output)) return FORCEABLE.tracked;
    if (!found) return undefined;
    if (!found.isFile()) return FORCEABLE.other;
    return present === record[output] ? undefined : FORCEABLE.changed;
  }
}

/** Whether forcing replaces a file that was skipped for this reason. */
export function isForceable({ reason }: Skipped): boolean {
  return Object.values(FORCEABLE).includes(reason);
}

export function isOutput(file: string, outputs: string[]): boolean {
  return outputs.some((output) => {
    const declared = output.replace(/\/+$/, '');
    return file === declared || file.startsWith(`${declared}/`);
  });
}

/** Whether make, git, a shell or the vicinity command would obey the file. */
function isExecuted(output: string): boolean {
  const parts = output.split('/');
  return parts.some((part) => part.startsWith('.')) || MAKEFILE.test(parts.at(-1) ?? '');
}

/** A reader sees the old file or the new one. Returns what is in the way, if anything. */
async function replace(source: string, target: string): Promise<string | undefined> {
  const part = path.join(path.dirname(target), `.vicinity-${process.pid}.part`);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(source, part, constants.COPYFILE_FICLONE);
    await rename(part, target);
    return undefined;
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!IN_THE_WAY.includes(code)) throw error;
    return `has no place here (${code})`;
  }
}

async function readRecord(directory: string): Promise<Record<string, string>> {
  const text = await readFile(fanOutRecord(directory), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return recordSchema.parse(JSON.parse(text));
}

async function writeRecord(directory: string, record: Record<string, string>): Promise<void> {
  await mkdir(path.dirname(fanOutRecord(directory)), { recursive: true });
  await writeFile(fanOutRecord(directory), `${JSON.stringify(record, undefined, 2)}\n`);
}
