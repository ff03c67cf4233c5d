import { createHash } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LineCounter, parseDocument } from 'yaml';
import { RELATIVE_PATH } from '../../shared/config/names.ts';
import type { ValidationIssue } from '../../shared/errors.ts';
import type { PackageManifest } from '../../shared/model/package.ts';
import type { Repository } from '../context/repository.ts';
import { isWanted } from './tracked.ts';

export type Input = PackageManifest['inputs'][number];

/** The files that source.inputs declares: those of a directory too, `._*` never. A declared path that is missing is a fault. */
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
    return statSync(file).isDirectory()
      ? filesBelow(file).map((below) => path.posix.join(input, below))
      : [input];
  });
  const wanted = [...new Set(paths)].filter(isWanted).sort();
  const dead = wanted.filter((input) => !existsSync(path.join(repository.directory, input)));
  const misnamed = wanted.filter((input) => !RELATIVE_PATH.test(input));
  return {
    paths: wanted.filter((input) => !dead.includes(input) && !misnamed.includes(input)),
    issues: [...issues, ...dead.map(deadLink), ...misnamed.map(badName)],
  };
}

/** Reads the file once, without holding it in memory. */
export async function describeInput(directory: string, input: string): Promise<Input> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path.join(directory, input)), hash);
  return { path: input, sha256: hash.digest('hex'), bytes: statSync(path.join(directory, input)).size };
}

/** Links are followed, those back to a folder above excepted; one that leads nowhere counts as a file. */
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
