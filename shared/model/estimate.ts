import { z } from 'zod';
import type { Heartbeat, Phase, Progress } from './attempt.ts';

/** When a run is expected to end (RFC 3339), and what that is reckoned from. */
export const estimateSchema = z.object({
  finishAt: z.string(),
  basis: z.enum(['progress', 'former-run']),
});
export type Estimate = z.output<typeof estimateSchema>;

/** As Compute Engine's longest maxRunDuration: a pace that needs longer is none. */
const MAX_RUN_MS = 120 * 86_400_000;

/** Phases that follow one another; the others go on beside them. */
const IN_A_ROW = ['boot', 'claim', 'source', 'restore', 'python', 'native', 'make', 'save', 'upload'];

/**
 * When a run that a VM has claimed will end: by the pace of its own progress, or else by how long the phases of a earlier run took.
 * A function of what is given, and not of the time now: it may lie in the past. Undefined where there is nothing to go by.
 */
export function estimateEnd(
  baseline: Phase[] | undefined,
  claimedAt: string,
  heartbeat: Heartbeat | undefined,
): Estimate | undefined {
  const seconds = new Map(baseline?.map((phase) => [phase.name, phase.seconds]));
  const { phase = 'claim', phaseStartedAt = claimedAt, progress } = heartbeat ?? {};
  const madeAt = phase === 'make' && progress ? endByPace(progress) : undefined;
  if (madeAt !== undefined) {
    return { finishAt: timeOf(madeAt + 1000 * sum(seconds, after('make'))), basis: 'progress' };
  }
  if (seconds.size === 0) return undefined;
  const left = sum(seconds, [phase, ...after(phase)]);
  return { finishAt: timeOf(Date.parse(phaseStartedAt) + 1000 * left), basis: 'former-run' };
}

/** Milliseconds of the epoch. Undefined while the pace is not known yet. */
function endByPace({ fraction, at, since, sinceFraction }: Progress): number | undefined {
  const milliseconds = Date.parse(at) - Date.parse(since);
  const gained = fraction - sinceFraction;
  if (fraction >= 1) return Date.parse(at);
  const left = (milliseconds * (1 - fraction)) / gained;
  return left > 0 && left < MAX_RUN_MS ? Date.parse(at) + left : undefined;
}

/** How long a run takes whose phases take as long as these. */
export function expectedSeconds(baseline: Phase[]): number {
  return sum(new Map(baseline.map(({ name, seconds }) => [name, seconds])), IN_A_ROW);
}

function after(phase: string): string[] {
  const index = IN_A_ROW.indexOf(phase);
  // Beside the source: everything from there on is still to come.
  return IN_A_ROW.slice((index < 0 ? IN_A_ROW.indexOf('source') : index) + 1);
}

function sum(seconds: ReadonlyMap<string, number>, phases: string[]): number {
  return phases.reduce((total, phase) => total + (seconds.get(phase) ?? 0), 0);
}

/** To the second. */
function timeOf(milliseconds: number): string {
  return new Date(Math.round(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
