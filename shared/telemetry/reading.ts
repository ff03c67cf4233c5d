import type { Sample } from './samples.ts';

/** What was read of a machine at one moment, as far as its source tells it. */
export interface Reading {
  /** Phase of the run. */
  phase: string;
  /** Percent of all CPU time that was spent working: neither idle nor waiting for a disk. */
  cpu?: number;
  /** Percent of all CPU time spent waiting for a disk. */
  iowait?: number;
  /** Tasks that run or wait for a processor. */
  runQueue?: number;
  memoryTotalBytes?: number;
  /** Of the total, what is not available to programs. */
  memoryUsedBytes?: number;
}

/** The last line of a log's memory telemetry, which may be all that is left of it. */
export interface MemoryFooter {
  totalBytes: number;
  averageUsedBytes: number;
  peakUsedBytes: number;
}

export interface Telemetry {
  readings: Reading[];
  footer?: MemoryFooter;
}

/** Percent of time in use, where idle and iowait are known. A processor that waits for a disk is not in use. */
export function busy(idle: number, iowait: number): number {
  return Math.min(Math.max(100 - idle - iowait, 0), 100);
}

/** What telemetry.csv holds. */
export function telemetryOf(samples: Sample[]): Telemetry {
  const readings = samples.map(({ phase, busy, iowait, runQueue, memoryBytes, availableBytes }) => ({
    phase,
    cpu: busy,
    iowait,
    runQueue,
    memoryTotalBytes: memoryBytes,
    memoryUsedBytes: memoryBytes - availableBytes,
  }));
  return { readings };
}
