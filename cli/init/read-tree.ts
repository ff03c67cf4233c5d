import { readdirSync } from 'node:fs';
import { openGit } from '../source/git.ts';
import type { Tree } from './tree.ts';

/** What git tracks and ignores below the folder; where it is in no work tree, its files count as tracked. */
export async function readTree(directory: string): Promise<Tree> {
  const git = await openGit(directory).catch(() => undefined);
  if (!git) return { directory, tracked: new Set(filesIn(directory)), ignored: [] };
  const [tracked, untracked, ignored] = [
    await git.trackedFiles([]),
    await git.untrackedFiles([]),
    await git.ignoredFiles(),
  ];
  // A new pipeline may not have been added yet.
  const isNew = tracked.length === 0;
  return { directory, tracked: new Set(isNew ? untracked : tracked), ignored };
}

function filesIn(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}
