import { lstat, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { latestLink } from './places.ts';

/**
 * Points `latest` to a run's results. Moves aside what has that name and is not a link, such as the folder of an older script, and
 * returns where it is now.
 */
export async function linkLatest(directory: string, runId: string): Promise<string | undefined> {
  const link = latestLink(directory);
  const found = await lstat(link).catch(() => undefined);
  const aside = found && !found.isSymbolicLink() ? `${link}-before-${runId}` : undefined;
  if (aside) await rename(link, aside);
  const next = path.join(path.dirname(link), `.latest-${runId}`);
  // Left by a pull that was interrupted.
  await rm(next, { force: true });
  await symlink(runId, next);
  await rename(next, link);
  return aside;
}
