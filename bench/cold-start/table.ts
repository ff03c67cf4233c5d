import type { Circumstances } from '../support/machine.ts';
import { type Spread, scaled, spreadOf } from '../support/statistics.ts';
import type { Sample } from './measure.ts';
import { PEER, type Variant } from './variants.ts';

export interface Measured {
  variant: Variant;
  event: 'smallest' | 'whole';
  samples: Sample[];
}

const MEASURES = ['listening', 'answered', 'processorListening', 'processorAnswered', 'memory'] as const;
type Spreads = Record<(typeof MEASURES)[number], Spread>;

/** A line of the table: ratios to the peer's median, and what they are of. */
export interface Row {
  name: string;
  event: 'smallest' | 'whole';
  calls: number;
  ratios: Spreads;
  bundleBytes?: number;
  cacheBytes?: number;
}

export interface Report extends Circumstances {
  rounds: number;
  /** In milliseconds and bytes. */
  peer: Spreads;
  rows: Row[];
}

export function reportOf(measured: Measured[], at: Circumstances): Report {
  const samplesOfPeer = measured.find(({ variant }) => variant.name === PEER)?.samples;
  if (!samplesOfPeer) throw new Error('The peer was not measured.');
  const peer = spreadsOf(samplesOfPeer);
  const rows = measured.map(({ variant, event, samples }) => ({
    name: variant.name,
    event,
    calls: samples[0]?.calls ?? 0,
    ratios: each((measure) => scaled(spreadsOf(samples)[measure], peer[measure].median)),
    ...(variant.size && { bundleBytes: variant.size.bundle, cacheBytes: variant.size.cache }),
  }));
  return { ...at, rounds: samplesOfPeer.length, peer, rows };
}

function spreadsOf(samples: Sample[]): Spreads {
  return each((measure) => spreadOf(samples.map((sample) => sample[measure])));
}

function each(spread: (measure: (typeof MEASURES)[number]) => Spread): Spreads {
  return Object.fromEntries(MEASURES.map((measure) => [measure, spread(measure)])) as Spreads;
}

const HEADER = [
  'function',
  'event',
  'calls',
  'listens',
  'answers',
  'CPU to listen',
  'CPU to answer',
  'memory',
  'bundle',
];

/** As Markdown, which is readable as it is. */
export function textOf({ peer, rows, rounds, date, node, machine, load }: Report): string {
  const lines = rows.map(({ name, event, calls, ratios, bundleBytes }) => [
    name,
    event,
    String(calls),
    ...MEASURES.map((measure) => ratio(ratios[measure])),
    bundleBytes === undefined ? '' : `${(bundleBytes / 1e6).toFixed(2)} MB`,
  ]);
  const table = [HEADER, HEADER.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  const ms = (measure: (typeof MEASURES)[number]) => `${Math.round(peer[measure].median)} ms`;
  return [
    ...table,
    '',
    `Median (least–greatest) of ${rounds} cold starts each, in turn, as a ratio to the median of the first line, which listens after ${ms('listening')}`,
    `and answers after ${ms('answered')}, with ${ms('processorListening')} and ${ms('processorAnswered')} of CPU time, in ${(peer.memory.median / 1e6).toFixed(0)} MB.`,
    `${date}, Node ${node}, ${machine}, load ${load}.`,
  ].join('\n');
}

function ratio({ min, median, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}
