import type { PhaseLoad } from '../telemetry/loads.ts';

/**
 * The rules by which WORKERS is tuned, as they were found on the pipeline's own runs: a third of the vCPUs to begin with, one
 * thread each; more while processors idle and the disk keeps up; fewer when memory runs short.
 */
const RULES = {
  /** Percent busy from which a machine counts as well used. */
  wellUsed: 90,
  /** Percent busy below which processors clearly idle. */
  idle: 70,
  /** Percent waiting for disks from which more workers do not help. */
  diskBound: 10,
  /** Share of the memory that must stay available. */
  leastFree: 0.2,
  /** Share of it that the next run aims at. */
  aimFree: 0.25,
  /** Workers to add at a time. */
  step: { least: 4, most: 8 },
} as const;

export interface WorkersAdvice {
  workers: number;
  /** The rule, with the figures behind it. */
  because: string;
}

/** How many workers the next run should have on the same machine, by the load of the phase that they make. */
export function adviseWorkers(workers: number, load: PhaseLoad): WorkersAdvice {
  const busy = Math.round(load.busy);
  const iowait = Math.round(load.iowait);
  const free = Math.round(load.leastFree * 100);
  const most = mostByMemory(workers, load.peakBytes, load.memoryBytes);
  if (load.leastFree < RULES.leastFree && most < workers) {
    return { workers: most, because: `only ${free} % of the memory was left at its peak: fewer workers` };
  }
  if (load.iowait >= RULES.diskBound) {
    return {
      workers,
      because: `processors waited ${iowait} % of their time for the disk: more workers would wait as well; a faster disk helps`,
    };
  }
  if (load.busy >= RULES.wellUsed) {
    return {
      workers,
      because: `processors were ${busy} % busy, and waited ${iowait} % for the disk: well used`,
    };
  }
  const wanted = Math.min(workers + stepFor(workers, load.busy), most);
  if (wanted <= workers) {
    return {
      workers,
      because: `processors were ${busy} % busy, but ${free} % free memory leaves no room for more workers`,
    };
  }
  return {
    workers: wanted,
    because: `processors were only ${busy} % busy, waited ${iowait} % for the disk, and ${free} % of the memory stayed free: more workers`,
  };
}

/** Four to eight more: as many as would fill the processors, were each as busy as the others. Only four near the aim. */
function stepFor(workers: number, busy: number): number {
  const { least, most } = RULES.step;
  if (busy >= RULES.idle) return least;
  const filling = Math.ceil((workers * RULES.wellUsed) / Math.max(busy, 1)) - workers;
  return Math.max(least, Math.min(most, filling));
}

/** Workers that leave the aimed share of the memory free, each taking what the present ones took at their peak. */
export function mostByMemory(workers: number, peakBytes: number, memoryBytes: number): number {
  if (peakBytes <= 0) return Number.POSITIVE_INFINITY;
  const perWorker = peakBytes / workers;
  return Math.max(1, Math.floor((memoryBytes * (1 - RULES.aimFree)) / perWorker));
}
