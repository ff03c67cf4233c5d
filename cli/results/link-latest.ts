import { lstat, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { latestLink } from './places.ts';

/** Points `latest` to a run's results; false if something that is not a link has that name. */
export async function linkLatest(directory: string, runId: string): Promise<boolean> {
  const link = latestLink(directory);
  const found = await lstat(link).catch(() => undefined);
  if (found && !found.isSymbolicLink()) return false;
  const next = path.join(path.dirname(link), `.latest-${runId}`);
  // Left by a pull that was interrupted.
  await rm(next, { force: true });
  await symlink(runId, next);
  await rename(next, link);
  return true;
}
