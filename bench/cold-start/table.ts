import type { Circumstances } from '../support/machine.ts';
import { type Spread, scaled, spreadOf } from '../support/statistics.ts';
import type { Sample } from './measure.ts';
import { PEER, type Variant } from './variants.ts';

export interface Measured {
  variant: Variant;
  event: 'smallest' | 'whole';
  samples: Sample[];
}

/** A line of the table: ratios to the peer's median, and what they are of. */
export interface Row {
  name: string;
  event: 'smallest' | 'whole';
  calls: number;
  listening: Spread;
  answered: Spread;
  processor: Spread;
  memory: Spread;
  bundleBytes?: number;
  cacheBytes?: number;
}

export interface Report extends Circumstances {
  rounds: number;
  peer: { listeningMs: Spread; answeredMs: Spread; processorMs: Spread; memoryBytes: Spread };
  rows: Row[];
}

export function reportOf(measured: Measured[], at: Circumstances): Report {
  const peer = measured.find(({ variant }) => variant.name === PEER);
  if (!peer) throw new Error('The peer was not measured.');
  const base = spreads(peer.samples);
  const rows = measured.map(({ variant, event, samples }) => {
    const { listening, answered, processor, memory } = spreads(samples);
    return {
      name: variant.name,
      event,
      calls: samples[0]?.calls ?? 0,
      listening: scaled(listening, base.listening.median),
      answered: scaled(answered, base.answered.median),
      processor: scaled(processor, base.processor.median),
      memory: scaled(memory, base.memory.median),
      ...(variant.size && { bundleBytes: variant.size.bundle, cacheBytes: variant.size.cache }),
    };
  });
  return {
    ...at,
    rounds: peer.samples.length,
    peer: {
      listeningMs: base.listening,
      answeredMs: base.answered,
      processorMs: base.processor,
      memoryBytes: base.memory,
    },
    rows,
  };
}

function spreads(samples: Sample[]) {
  return {
    listening: spreadOf(samples.map(({ listening }) => listening)),
    answered: spreadOf(samples.map(({ answered }) => answered)),
    processor: spreadOf(samples.map(({ processor }) => processor)),
    memory: spreadOf(samples.map(({ memory }) => memory)),
  };
}

/** As Markdown, which is readable as it is. */
export function textOf(report: Report): string {
  const { peer, rows, rounds, date, node, machine, load } = report;
  const header = ['function', 'event', 'calls', 'listens', 'answers', 'processor', 'memory', 'bundle'];
  const lines = rows.map(({ name, event, calls, listening, answered, processor, memory, bundleBytes }) => [
    name,
    event,
    String(calls),
    ratio(listening),
    ratio(answered),
    ratio(processor),
    ratio(memory),
    megabytes(bundleBytes),
  ]);
  return [
    tableOf([header, header.map(() => '---'), ...lines]),
    '',
    `Median (least–greatest) of ${rounds} cold starts each, in turn, as a ratio to the median of the first line: it listens after`,
    `${Math.round(peer.listeningMs.median)} ms, answers after ${Math.round(peer.answeredMs.median)} ms, and takes ${Math.round(peer.processorMs.median)} ms of a processor and ${megabytes(peer.memoryBytes.median)}. ${date}, Node ${node}, ${machine}, load ${load}.`,
  ].join('\n');
}

function ratio({ min, median, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(2)} MB`;
}

function tableOf(rows: string[][]): string {
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
