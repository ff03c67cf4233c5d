import { GITLINK, type Git } from './git.ts';
import { undecodableName } from './names.ts';
import { inspectTracked, missingSubmodule, type TrackedFiles } from './tracked.ts';

/** The tracked files of the directory that a push packages, except what the pathspec patterns match; and what is wrong with others. */
export async function findTracked(git: Git, directory: string, exclude: string[]): Promise<TrackedFiles> {
  const [names, modes, hasFileModes] = await Promise.all([
    git.trackedNames(exclude),
    git.indexModes(exclude),
    git.hasFileModes(),
  ]);
  const tracked = inspectTracked(directory, names.paths, { modes, hasFileModes });
  // git lists the files of a submodule that is checked out, and the submodule itself or nothing where it is not.
  const absent = [...modes]
    .filter(([, mode]) => mode === GITLINK)
    .map(([link]) => link)
    .filter((link) => !names.paths.some((file) => file === link || file.startsWith(`${link}/`)));
  const issues = [...names.undecodable.map(undecodableName), ...absent.map(missingSubmodule)];
  return { ...tracked, issues: [...issues, ...tracked.issues] };
}
