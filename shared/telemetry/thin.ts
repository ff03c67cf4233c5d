import type { Sample } from './samples.ts';

/**
 * At most `most` samples: each the mean of a stretch of equal length, except the available memory, whose least value counts. A
 * stretch ends with its phase.
 */
export function thin(samples: Sample[], most: number): Sample[] {
  const stretch = Math.ceil(samples.length / most);
  if (stretch <= 1) return samples;
  const groups: Sample[][] = [];
  for (const sample of samples) {
    const last = groups.at(-1);
    if (!last || last.length >= stretch || last[0]?.phase !== sample.phase) groups.push([sample]);
    else last.push(sample);
  }
  return groups.map(merge);
}

function merge(group: Sample[]): Sample {
  const [first] = group;
  if (!first) throw new Error('A stretch of samples is never empty.');
  const mean = (of: (sample: Sample) => number) =>
    group.reduce((sum, sample) => sum + of(sample), 0) / group.length;
  return {
    ...first,
    at: mean(({ at }) => at),
    busy: mean(({ busy }) => busy),
    user: mean(({ user }) => user),
    system: mean(({ system }) => system),
    iowait: mean(({ iowait }) => iowait),
    runQueue: mean(({ runQueue }) => runQueue),
    availableBytes: group.reduce((least, { availableBytes }) => Math.min(least, availableBytes), Infinity),
    swapBytes: group.reduce((most, { swapBytes }) => Math.max(most, swapBytes), 0),
  };
}
