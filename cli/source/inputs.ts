import { createHash } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { RELATIVE_PATH } from '../../shared/config/names.ts';
import { InvalidError, type ValidationIssue } from '../../shared/errors.ts';
import type { PackageManifest } from '../../shared/model/package.ts';
import type { OnBytes } from '../../shared/ports/files.ts';
import type { Repository } from '../context/repository.ts';
import { isWanted } from './tracked.ts';

export type Input = PackageManifest['inputs'][number];

/** The files that source.inputs declares, including those of a directory, but never `._*`; and what is wrong with the declarations. */
export function findInputs(
  repository: Repository,
  declared: string[],
): { paths: string[]; issues: ValidationIssue[] } {
  const issues: ValidationIssue[] = [];
  const paths = declared.flatMap((input, index) => {
    const file = path.join(repository.directory, input);
    if (!existsSync(file)) {
      issues.push(missingInput(repository, input, index));
      return [];
    }
    if (!statSync(file).isDirectory()) return [input];
    const below = filesBelow(file);
    if (below.length === 0) issues.push(emptyDirectory(input));
    return below.map((name) => path.posix.join(input, name));
  });
  const wanted = [...new Set(paths)].filter(isWanted).sort();
  const named = wanted.filter((input) => RELATIVE_PATH.test(input));
  const misnamed = wanted.filter((input) => !RELATIVE_PATH.test(input));
  const dead = named.filter((input) => !existsSync(path.join(repository.directory, input)));
  const missing = new Set(dead);
  return {
    paths: named.filter((input) => !missing.has(input)),
    issues: [...issues, ...dead.map(deadLink), ...misnamed.map(badName)],
  };
}

/**
 * Reads the file once, without holding it in memory; calls `onBytes` for every part. Throws InvalidError where it changes meanwhile.
 */
export async function describeInput(directory: string, input: string, onBytes: OnBytes): Promise<Input> {
  const file = path.join(directory, input);
  const before = statSync(file, { throwIfNoEntry: false });
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) {
      hash.update(chunk as Buffer);
      onBytes((chunk as Buffer).length);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const after = statSync(file, { throwIfNoEntry: false });
  if (!before || before.size !== after?.size || before.mtimeMs !== after.mtimeMs) {
    throw new InvalidError([changedInput(input)]);
  }
  const isExecutable = (after.mode & 0o100) !== 0;
  return {
    path: input,
    sha256: hash.digest('hex'),
    bytes: after.size,
    ...(isExecutable && { executable: true }),
  };
}

/** Follows links, except those back to a folder above; a link that leads nowhere counts as a file. */
function filesBelow(directory: string, above: string[] = []): string[] {
  const folder = realpathSync(directory);
  if (above.includes(folder)) return [];
  return readdirSync(directory).flatMap((name) => {
    const file = path.join(directory, name);
    const found = existsSync(file) ? statSync(file) : lstatSync(file);
    if (found.isDirectory()) return filesBelow(file, [...above, folder]).map((below) => `${name}/${below}`);
    return found.isFile() || found.isSymbolicLink() ? [name] : [];
  });
}

function changedInput(input: string): ValidationIssue {
  return {
    field: input,
    problem: 'changed while it was packaged',
    remedy: 'Push again once nothing writes to it.',
  };
}

function emptyDirectory(input: string): ValidationIssue {
  return {
    field: input,
    problem: 'is declared under source.inputs, and holds no file',
    remedy: 'Produce its files, or remove it from source.inputs.',
  };
}

function deadLink(input: string): ValidationIssue {
  return {
    field: input,
    problem: 'is a link that leads nowhere',
    remedy: 'Make what it leads to, or remove the link.',
  };
}

function badName(input: string): ValidationIssue {
  return {
    field: input,
    problem: 'has a character in its name that an input must not have',
    remedy: 'Rename it: letters, digits, spaces and . _ / @ + , = - are allowed.',
  };
}

function missingInput(repository: Repository, input: string, index: number): ValidationIssue {
  return {
    field: input,
    problem: `is declared under source.inputs (${declarationOf(repository, index)}), but is not in ${repository.directory}`,
    remedy:
      'Produce it or copy it there, or remove it from source.inputs. git ignores such files: a fresh clone lacks them.',
  };
}

/** `vicinity.yaml:12`. */
function declarationOf({ config }: Repository, index: number): string {
  if (!config) return 'default';
  const lines = new LineCounter();
  const node = parseDocument(config.text, { lineCounter: lines }).getIn(['source', 'inputs', index], true) as
    | { range?: [number, number, number] }
    | undefined;
  return node?.range ? `${config.file}:${lines.linePos(node.range[0]).line}` : config.file;
}
