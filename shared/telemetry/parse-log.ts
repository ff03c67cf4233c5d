import { KIB } from '../model/bytes.ts';
import { busy, type MemoryFooter, type Reading, type Telemetry } from './reading.ts';

/** A telemetry line of a serial console: which program or file it comes from, and what it says. */
const LINE = /\[(?:telemetry\]\[)?(vmstat|mpstat|cpu|mem)\](\[summary\])? (.*)$/s;
/** Columns of `vmstat -n` (procps), and of `mpstat` after its time (sysstat). */
const VMSTAT = 'r b swpd free buff cache si so bi bo in cs us sy id wa st gu'.split(' ');
const MPSTAT = 'cpu usr nice sys wa irq soft steal guest gnice idle'.split(' ');
/** Lines that say which phase begins, in this script's console and in those before it. */
const PHASES: [RegExp, string][] = [
  [/\bstarting make /, 'make'],
  [/\[timer\] make\b|\bmake \S+ completed|\bUploading results\b/, 'upload'],
];

type Values = Record<string, number>;

/**
 * The telemetry in a serial console, in either of the formats that there have been: rows of the programs themselves behind
 * `[vmstat]` and `[mpstat]`, or `[telemetry][vmstat]`, `[telemetry][cpu]` and `[telemetry][mem]` lines of name=value, with a
 * `[mem][summary]` at the end. Whatever else stands before and after on a line, or between the lines, does not matter.
 */
export function parseTelemetryLog(text: string): Telemetry {
  let phase = 'provision';
  let footer: MemoryFooter | undefined;
  const readings: Reading[] = [];
  for (const line of text.split(/\r\n|[\r\n]/)) {
    phase = PHASES.find(([pattern]) => pattern.test(line))?.[1] ?? phase;
    const [, source, isSummary, content = ''] = LINE.exec(line) ?? [];
    if (isSummary) footer = footerOf(named(content)) ?? footer;
    else if (source) readings.push(...readingOf(phase, source, content));
  }
  return { readings, ...(footer && { footer }) };
}

function readingOf(phase: string, source: string, content: string): Reading[] {
  const values = content.includes('=') ? named(content) : columns(source, content);
  if (source === 'vmstat') return fromVmstat(phase, values);
  return source === 'mem' ? fromMemory(phase, values) : fromCpu(phase, values);
}

/** mpstat is the better source of CPU shares: it has two decimals. vmstat's count where there is no other. */
function fromVmstat(phase: string, values: Values): Reading[] {
  const runQueue = values.runq ?? values.r;
  return runQueue === undefined ? [] : [{ phase, runQueue }];
}

function fromCpu(phase: string, { idle, wa }: Values): Reading[] {
  if (idle === undefined || wa === undefined) return [];
  return [{ phase, cpu: busy(idle, wa), iowait: wa }];
}

function fromMemory(phase: string, { total, available, free }: Values): Reading[] {
  const unused = available ?? free;
  if (total === undefined || unused === undefined) return [];
  return [{ phase, memoryTotalBytes: total * KIB, memoryUsedBytes: (total - unused) * KIB }];
}

function footerOf({ total, mean_available: mean, peak_used: peak }: Values): MemoryFooter | undefined {
  if (total === undefined || peak === undefined) return undefined;
  const averageUsed = mean === undefined ? peak : total - mean;
  return { totalBytes: total * KIB, averageUsedBytes: averageUsed * KIB, peakUsedBytes: peak * KIB };
}

/** `runq=3 idle=12%`: names and their numbers, units dropped. */
function named(content: string): Values {
  const pairs = content.split(/\s+/).map((word) => /^(\w+)=(\d+(?:\.\d+)?)(?:%|s|kB|KiB)?$/.exec(word));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], Number(pair[2])]] : [])));
}

/** A row of the program itself; none where it is a heading or an average. */
function columns(source: string, content: string): Values {
  const names = source === 'vmstat' ? VMSTAT : MPSTAT;
  const cells = content.trim().split(/\s+/);
  const row = source === 'vmstat' ? cells : cells.slice(cells.indexOf('all'));
  const isRow =
    source === 'vmstat' ? row.length >= 17 : cells.includes('all') && !content.startsWith('Average');
  const values = row.map((cell, index) => [names[index] ?? '', Number(cell)] as const);
  return isRow ? Object.fromEntries(values.filter(([, value]) => Number.isFinite(value))) : {};
}
