import { z } from 'zod';
import type { Reading, Telemetry } from './reading.ts';

const measure = z.object({ average: z.number(), peak: z.number() });
export type Measure = z.output<typeof measure>;

const load = z.object({
  /** Percent of all CPU time, working and waiting for a disk. */
  cpu: measure.optional(),
  iowait: measure.optional(),
  /** Tasks. */
  runQueue: measure.optional(),
  memoryUsedBytes: measure.optional(),
});

/** How hard a machine worked, by phase and in all. A measure that was never read is absent. */
export const telemetrySummarySchema = z.object({
  samples: z.number(),
  memoryTotalBytes: z.number().optional(),
  ...load.shape,
  phases: z.array(z.object({ phase: z.string(), samples: z.number(), ...load.shape })),
});
export type TelemetrySummary = z.output<typeof telemetrySummarySchema>;

const MEASURES = ['cpu', 'iowait', 'runQueue', 'memoryUsedBytes'] as const;

/** Averages and peaks; undefined where nothing was read. */
export function summarise({ readings, footer }: Telemetry): TelemetrySummary | undefined {
  if (readings.length === 0 && !footer) return undefined;
  const phases = [...new Set(readings.map(({ phase }) => phase))];
  const memoryTotalBytes = readings.findLast((reading) => reading.memoryTotalBytes)?.memoryTotalBytes;
  const total = memoryTotalBytes ?? footer?.totalBytes;
  return {
    samples: samplesOf(readings),
    ...(total !== undefined && { memoryTotalBytes: total }),
    ...(footer && { memoryUsedBytes: { average: footer.averageUsedBytes, peak: footer.peakUsedBytes } }),
    ...loadOf(readings),
    phases: phases.map((phase) => {
      const own = readings.filter((reading) => reading.phase === phase);
      return { phase, samples: samplesOf(own), ...loadOf(own) };
    }),
  };
}

function loadOf(readings: Reading[]): z.output<typeof load> {
  const entries = MEASURES.map((name) => [name, measureOf(valuesOf(readings, name))] as const);
  return Object.fromEntries(entries.filter(([, found]) => found !== undefined));
}

/** Where a sample comes as several lines, its measures come in several readings. */
function samplesOf(readings: Reading[]): number {
  return Math.max(0, ...MEASURES.map((name) => valuesOf(readings, name).length));
}

function valuesOf(readings: Reading[], name: (typeof MEASURES)[number]): number[] {
  return readings.map((reading) => reading[name]).filter((value) => value !== undefined);
}

function measureOf(values: number[]): Measure | undefined {
  if (values.length === 0) return undefined;
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { average: rounded(average), peak: rounded(values.reduce((most, value) => Math.max(most, value))) };
}

/** Two decimals, as mpstat has them. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
