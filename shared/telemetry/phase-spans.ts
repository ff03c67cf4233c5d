import type { Sample } from './samples.ts';

/** A phase as the samples show it, in milliseconds since 1970. */
export interface PhaseSpan {
  name: string;
  from: number;
  to: number;
}

/** The phases one after the other; each reaches to the first sample of the next. */
export function phaseSpans(samples: Sample[]): PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  for (const { phase, at } of samples) {
    const last = spans.at(-1);
    if (last) last.to = at;
    if (last?.name !== phase) spans.push({ name: phase, from: at, to: at });
  }
  return spans;
}
