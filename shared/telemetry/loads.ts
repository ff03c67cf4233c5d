import type { Sample } from './samples.ts';

/** How a phase used the machine. */
export interface PhaseLoad {
  name: string;
  samples: number;
  /** Means, in percent of all CPU time. */
  busy: number;
  iowait: number;
  memoryBytes: number;
  /** Most that was in use at a time. */
  peakBytes: number;
  /** Least share of the memory that was available, 0 to 1. */
  leastFree: number;
}

/** The load of each phase, in the order of their first samples. */
export function phaseLoads(samples: Sample[]): PhaseLoad[] {
  const byPhase = Map.groupBy(samples, ({ phase }) => phase);
  return [...byPhase].map(([name, its]) => loadOf(name, its));
}

function loadOf(name: string, samples: Sample[]): PhaseLoad {
  const memoryBytes = samples.reduce((most, sample) => Math.max(most, sample.memoryBytes), 0);
  const leastBytes = samples.reduce(
    (least, { availableBytes }) => Math.min(least, availableBytes),
    memoryBytes,
  );
  return {
    name,
    samples: samples.length,
    busy: mean(samples.map(({ busy }) => busy)),
    iowait: mean(samples.map(({ iowait }) => iowait)),
    memoryBytes,
    peakBytes: memoryBytes - leastBytes,
    leastFree: memoryBytes > 0 ? leastBytes / memoryBytes : 1,
  };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
