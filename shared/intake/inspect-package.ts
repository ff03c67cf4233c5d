import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import type { ValidationIssue } from '../errors.ts';
import { PACKAGE_MANIFEST, type PackageManifest, packageManifestSchema } from '../model/package.ts';
import { parseJson } from '../parse-json.ts';

export type InspectedPackage = { manifest: PackageManifest | undefined } | { issues: ValidationIssue[] };

const PLAIN_TYPES = new Set(['File', 'OldFile', 'ContiguousFile', 'Directory', 'Link', 'SymbolicLink']);
/** So many bad entries are reported; more would not help anybody. */
const MAX_ISSUES = 10;
const MAX_MANIFEST_BYTES = 1024 * 1024;

/**
 * Reads a source package as a stream and says whether it may be unpacked: every entry and link stays within the tree, and its
 * bytes are those of its name. `name` is for messages.
 */
export async function inspectPackage(
  stream: Readable,
  sha256: string,
  name: string,
): Promise<InspectedPackage> {
  const hash = createHash('sha256');
  const issues: ValidationIssue[] = [];
  let manifest: Promise<string> | undefined;
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      const problem = entryProblem(entry);
      if (problem && issues.length < MAX_ISSUES) issues.push(entryIssue(name, problem));
      if (normalized(entry.path) === PACKAGE_MANIFEST && entry.size <= MAX_MANIFEST_BYTES)
        manifest = entry.concat().then(String);
      else entry.resume();
    },
  });
  try {
    for await (const chunk of stream) {
      hash.update(chunk);
      parser.write(chunk);
    }
    await endOf(parser);
  } catch (error) {
    if (!isTarError(error)) throw error;
    return { issues: [notTar(name, (error as Error).message)] };
  }
  if (hash.digest('hex') !== sha256) issues.push(wrongHash(name));
  if (issues.length > 0) return { issues };
  return manifest ? manifestOf(await manifest, name) : { manifest: undefined };
}

function endOf(parser: Parser): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.on('end', resolve).on('error', reject);
    parser.end();
  });
}

function entryProblem(entry: ReadEntry): string | undefined {
  const { path, type, linkpath = '' } = entry;
  if (!PLAIN_TYPES.has(type)) return `entry ${path} is a ${type}, neither file nor directory nor link`;
  if (!isWithin(path)) return `entry ${path} lies outside the package`;
  const target = type === 'SymbolicLink' ? posix.join(posix.dirname(path), linkpath) : linkpath;
  const isLink = type === 'SymbolicLink' || type === 'Link';
  if (isLink && (posix.isAbsolute(linkpath) || !isWithin(target)))
    return `link ${path} leads out of the package, to ${linkpath}`;
  return undefined;
}

function isWithin(path: string): boolean {
  const clean = posix.normalize(path);
  return (
    !posix.isAbsolute(clean) && clean !== '..' && !clean.startsWith('../') && !path.split('/').includes('..')
  );
}

function normalized(path: string): string {
  return posix.normalize(path);
}

function manifestOf(text: string, name: string): InspectedPackage {
  const parsed = packageManifestSchema.safeParse(parseJson(text));
  if (parsed.success) return { manifest: parsed.data };
  return { issues: [entryIssue(name, `${PACKAGE_MANIFEST} is malformed`)] };
}

/** tar and zlib mark what is wrong with the bytes themselves. */
function isTarError(error: unknown): boolean {
  const { code, tarCode } = error as { code?: unknown; tarCode?: string };
  return Boolean(tarCode) || /^(TAR|Z)_/.test(String(code));
}

function entryIssue(name: string, problem: string): ValidationIssue {
  return {
    field: 'source',
    problem: `${name}: ${problem}`,
    remedy: 'Make the package anew with vicinity push.',
  };
}

function notTar(name: string, message: string): ValidationIssue {
  return entryIssue(name, `is not a gzipped tar archive (${message})`);
}

function wrongHash(name: string): ValidationIssue {
  return entryIssue(name, 'its bytes do not have the SHA-256 that its name says');
}
