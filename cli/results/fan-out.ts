import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { FileStore } from '../../shared/ports/files.ts';
import { fanOutRecord, type ResultFile } from './places.ts';

/** CRC-32C of every file that fan-out wrote, by its path below the repository. */
const recordSchema = z.record(z.string(), z.string());

export interface Skipped {
  path: string;
  reason: string;
}

export interface FanOut {
  written: string[];
  skipped: Skipped[];
}

export interface FanOutOptions {
  objects: FileStore;
  directory: string;
  files: ResultFile[];
  /** The run's declared outputs: files and directories. */
  outputs: string[];
  /** Paths that git tracks. */
  tracked: Set<string>;
  force: boolean;
}

/**
 * Copies the outputs into their own directories. A file that git tracks, or that is neither the same nor an earlier fan-out's,
 * is left as it is unless `force`.
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
    const reason = await reasonToSkip(target, output, object.crc32c);
    if (reason === 'same') continue;
    if (reason !== undefined && !force) {
      result.skipped.push({ path: output, reason });
      continue;
    }
    await replace(file, target);
    record[output] = object.crc32c;
    result.written.push(output);
  }
  if (result.written.length > 0) await writeRecord(directory, record);
  return result;

  async function reasonToSkip(target: string, output: string, wanted: string): Promise<string | undefined> {
    const found = await lstat(target).catch(() => undefined);
    const present = found?.isFile() ? await objects.checksum(target) : undefined;
    if (present === wanted) return 'same';
    if (tracked.has(output)) return 'is tracked by git';
    if (!found) return undefined;
    if (!found.isFile()) return 'is no plain file here';
    return present === record[output] ? undefined : 'was changed here, or is not from a run';
  }
}

export function isOutput(file: string, outputs: string[]): boolean {
  return outputs.some((output) => {
    const declared = output.replace(/\/+$/, '');
    return file === declared || file.startsWith(`${declared}/`);
  });
}

/** A reader sees the old file or the new one. */
async function replace(source: string, target: string): Promise<void> {
  const part = path.join(path.dirname(target), `.${path.basename(target)}.part`);
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(source, part, constants.COPYFILE_FICLONE);
  await rename(part, target);
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
