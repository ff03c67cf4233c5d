import { isUtf8 } from 'node:buffer';
import type { ValidationIssue } from '../../shared/errors.ts';

/** Names of tracked files as git has them: bytes, which need not be text. */
export interface TrackedNames {
  paths: string[];
  /** Names that are not UTF-8, with `\xe9` for each byte that is not ASCII. No object and no entry of a package can have them. */
  undecodable: string[];
}

/** The names in NUL-separated output of git, each once. */
export function splitNames(output: Buffer): TrackedNames {
  const paths = new Set<string>();
  const undecodable = new Set<string>();
  for (let start = 0, end = output.indexOf(0); end >= 0; start = end + 1, end = output.indexOf(0, start)) {
    const name = output.subarray(start, end);
    if (isUtf8(name)) paths.add(name.toString('utf8'));
    else undecodable.add(escapeBytes(name));
  }
  return { paths: [...paths], undecodable: [...undecodable] };
}

/** `caf\xe9.csv`: bytes that are not ASCII as their numbers. */
export function escapeBytes(name: Buffer): string {
  return name
    .toString('latin1')
    .replaceAll(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

export function undecodableName(field: string): ValidationIssue {
  return {
    field,
    problem: 'has a name that is not UTF-8, which neither the package nor the bucket can hold',
    remedy: 'Rename it (git mv), or list a pattern that matches it under source.exclude.',
  };
}
