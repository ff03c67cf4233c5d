import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shellWord } from '../shared/shell-word.ts';
import { repositoryTop, upward } from './folders.ts';

const STATE_DIR = '.vicinity-local';

/** Where a new local cloud keeps its state: at the top of the repository that `cwd` is in, else in `cwd`. */
export function newStateDir(cwd: string): string {
  return join(repositoryTop(cwd) ?? cwd, STATE_DIR);
}

/** The state directory at or above `cwd`; where there is none, the one that `up` would make. */
export function existingStateDir(cwd: string): string {
  const candidates = upward(cwd, repositoryTop(cwd)).map((folder) => join(folder, STATE_DIR));
  return candidates.find((candidate) => existsSync(candidate)) ?? newStateDir(cwd);
}

/** The flag that printed commands need if they would not find the state directory by themselves: ` --state /tmp/x`. */
export function stateFlag(state: string | undefined): string {
  return state ? ` --state ${shellWord(resolve(state))}` : '';
}

/** Makes the directory, and keeps git from ever seeing it. */
export function makeStateDir(directory: string): void {
  mkdirSync(join(directory, 'logs'), { recursive: true });
  writeFileSync(join(directory, '.gitignore'), '*\n');
}

/** Holds a folder for each machine. */
export function vmsDir(stateDir: string): string {
  return join(stateDir, 'vms');
}
