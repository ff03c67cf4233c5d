import type { Outcome } from '../model/attempt.ts';
import { resultsPrefix } from '../model/layout.ts';

type Manifest = Outcome['manifest'];

/** What changed in a declared output against an earlier run. */
export interface OutputChange {
  path: string;
  objects: number;
  bytes: number;
  /** Against the earlier run; absent where there is none. */
  against?: { bytesBefore: number; added: string[]; removed: string[]; changed: string[] };
}

interface Side {
  runId: string;
  manifest: Manifest;
}

/** The declared outputs of a run, each with the files that differ from those of an earlier run by their checksums. */
export function outputChanges(paths: string[], now: Side, before?: Side): OutputChange[] {
  return paths.map((path) => {
    const files = filesBelow(now, path);
    const bytes = sum(files);
    const own = { path, objects: files.size, bytes };
    return before ? { ...own, against: compare(files, filesBelow(before, path)) } : own;
  });
}

type Files = Map<string, { bytes: number; crc32c: string }>;

function filesBelow({ runId, manifest }: Side, path: string): Files {
  const top = `${resultsPrefix(runId)}/`;
  const declared = path.replace(/(?<!\/)\/+$/, '');
  const its = manifest
    .map(({ name, bytes, crc32c }) => [name.slice(top.length), { bytes, crc32c }] as const)
    .filter(([name]) => name === declared || name.startsWith(`${declared}/`));
  return new Map(its);
}

function compare(now: Files, before: Files) {
  const names = [...now.keys()];
  return {
    bytesBefore: sum(before),
    added: names.filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !now.has(name)),
    changed: names.filter((name) => before.has(name) && before.get(name)?.crc32c !== now.get(name)?.crc32c),
  };
}

function sum(files: Files): number {
  return [...files.values()].reduce((total, { bytes }) => total + bytes, 0);
}
