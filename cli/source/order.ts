import type { TrackedFile } from './tracked.ts';

/** git writes the files of a checkout this close to one another, in an order that means nothing. */
const CHECKOUT_GAP_MS = 500;

/**
 * The age of each file as its place in the order of modification: 0 for the oldest, equal for files that count as equally old. Make
 * compares nothing else, so a package keeps the order and not the times, and two clones of a commit give the same package.
 *
 * Files that git has written in one go count as equally old; a file that differs from the commit (`changed`) does not.
 */
export function modificationOrder(files: TrackedFile[], changed: ReadonlySet<string>): Map<string, number> {
  // Make looks at what a link leads to.
  const byTime = files
    .filter(({ stat }) => !stat.isSymbolicLink())
    .sort((one, other) => one.stat.mtimeMs - other.stat.mtimeMs);
  const order = new Map<string, number>();
  let place = 0;
  byTime.forEach((file, at) => {
    const before = byTime[at - 1];
    if (before && isNewer(file, before, changed)) place += 1;
    order.set(file.path, place);
  });
  return order;
}

function isNewer(file: TrackedFile, before: TrackedFile, changed: ReadonlySet<string>): boolean {
  const gapMs = file.stat.mtimeMs - before.stat.mtimeMs;
  return gapMs > (changed.has(file.path) || changed.has(before.path) ? 0 : CHECKOUT_GAP_MS);
}
