import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { list } from 'tar';
import { findRepository } from '../../../cli/context/repository.ts';
import { buildPackage, type PackageOptions, type SourcePackage } from '../../../cli/source/package.ts';
import { loadConfig } from '../../../shared/config/load.ts';

/** The least that push takes. */
export const PIPELINE = { Makefile: 'all:\n\ttrue\n', 'vicinity.yaml': '' };

const packages = mkdtempSync(path.join(tmpdir(), 'vicinity-packages-'));
after(() => rmSync(packages, { recursive: true }));

/** Packages the repository at the directory, by its own vicinity.yaml. */
export function packageOf(directory: string, options: Partial<PackageOptions> = {}): Promise<SourcePackage> {
  const repository = findRepository(directory);
  const { source } = loadConfig({ ...repository.config, env: {} });
  const folder = mkdtempSync(path.join(packages, 'package-'));
  return buildPackage({ repository, source, outputs: ['data/out'], folder, force: false, ...options });
}

export interface Entry {
  path: string;
  /** Permissions in octal digits. */
  mode: string;
  /** Seconds after 1980 began. */
  age: number;
}

/** The entries of a package, without its manifest. */
export async function entriesOf({ file }: SourcePackage): Promise<Entry[]> {
  const entries: Entry[] = [];
  await list({
    file,
    onReadEntry: ({ path: name, mode = 0, mtime = new Date(0) }) =>
      void entries.push({
        path: name,
        mode: mode.toString(8),
        age: (mtime.getTime() - Date.UTC(1980)) / 1000,
      }),
  });
  return entries.slice(1);
}

export async function namesOf(source: SourcePackage): Promise<string[]> {
  return (await entriesOf(source)).map((entry) => entry.path);
}
