import type { Phase } from './attempt.ts';

/** Below this a person would not notice. */
const LEAST_SECONDS = 30;

/**
 * Seconds that this run would have taken less on a disk which has its packages, toolchain and Python environment already; undefined
 * where that is hardly anything. Packages and toolchain come beside the source, and the Python environment after them.
 */
export function bakedImageSaves(phases: Phase[]): number | undefined {
  const seconds = (name: string) => phases.find((phase) => phase.name === name)?.seconds ?? 0;
  const source = seconds('source');
  const saved = Math.max(source, seconds('apt'), seconds('rust')) + seconds('python') - source;
  return saved >= LEAST_SECONDS ? saved : undefined;
}
