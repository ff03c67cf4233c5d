import path from 'node:path';
import { mapConcurrent } from '../../shared/map-concurrent.ts';
import { inputName, LATEST_PACKAGE, packageName } from '../../shared/model/layout.ts';
import type { LatestPackage } from '../../shared/model/package.ts';
import type { FileStore, OnBytes } from '../../shared/ports/files.ts';
import type { SourcePackage } from './package.ts';

const UPLOADS_AT_ONCE = 4;

/** One object of a push. */
export interface Transfer {
  /** Name of the object. */
  name: string;
  file: string;
  bytes: number;
  /** Of the file, where it is the user's own, who may change it meanwhile. */
  sha256?: string;
  /** It was in the bucket already: nothing to do. */
  isThere: boolean;
}

/** What a push has to send: the declared inputs, then the package; each once, by its content hash. */
export async function planTransfers(
  objects: FileStore,
  source: SourcePackage,
  directory: string,
): Promise<Transfer[]> {
  const inputs = source.manifest.inputs.map(({ path: input, sha256, bytes }) => ({
    name: inputName(sha256),
    file: path.join(directory, input),
    bytes,
    sha256,
  }));
  const wanted = [...inputs, { name: packageName(source.sha256), file: source.file, bytes: source.bytes }];
  const distinct = [...new Map(wanted.map((each) => [each.name, each])).values()];
  return mapConcurrent(UPLOADS_AT_ONCE, distinct, async (each) => ({
    ...each,
    isThere: (await objects.stat(each.name)) !== undefined,
  }));
}

/** Sends what is not there yet. A package is only in the bucket once all of its inputs are. */
export async function sendTransfers(
  objects: FileStore,
  transfers: Transfer[],
  onBytes: OnBytes,
): Promise<void> {
  const missing = transfers.filter(({ isThere }) => !isThere);
  const send = ({ name, file, sha256 }: Transfer) => objects.upload(name, file, onBytes, sha256);
  await mapConcurrent(UPLOADS_AT_ONCE, missing.slice(0, -1), send);
  await mapConcurrent(1, missing.slice(-1), send);
}

/** Makes it the package that a request without a source gets. */
export async function makeLatest(objects: FileStore, source: SourcePackage, now: Date): Promise<void> {
  const { commit, dirty, inputs } = source.manifest;
  const latest: LatestPackage = {
    sha256: source.sha256,
    ...(commit && { commit }),
    dirty,
    bytes: source.bytes,
    pushedAt: now.toISOString(),
    inputs,
  };
  await objects.put(LATEST_PACKAGE, JSON.stringify(latest, undefined, 2));
}
