export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** Smallest, middle and greatest value. Of an even number of values, the lower of the two in the middle. */
export function spreadOf(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return { min: at(0), median: at(Math.floor((sorted.length - 1) / 2)), max: at(sorted.length - 1) };
}

export function scaled({ min, median, max }: Spread, unit: number): Spread {
  return { min: min / unit, median: median / unit, max: max / unit };
}
