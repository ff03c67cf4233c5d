import { KIB } from '../model/bytes.ts';

/** One row of telemetry.csv (startup-script/tools/telemetry.py writes it). */
export interface Sample {
  /** Milliseconds since 1970. */
  at: number;
  phase: string;
  /** Percent of all CPU time since the sample before; `busy` is all but idle and waiting for disks. */
  busy: number;
  user: number;
  system: number;
  iowait: number;
  /** Tasks that run or want to. */
  runQueue: number;
  memoryBytes: number;
  availableBytes: number;
  swapBytes: number;
}

const NUMBERS = [
  'usr',
  'sys',
  'wa',
  'irq',
  'soft',
  'steal',
  'runq',
  'mem_total_kib',
  'mem_available_kib',
  'swap_used_kib',
] as const;
type Column = (typeof NUMBERS)[number];

/** The samples of a telemetry.csv, by its header. A line that is cut off or garbled is passed over. */
export function parseTelemetry(csv: string): Sample[] {
  const [header = '', ...lines] = csv.split('\n');
  const columns = header.trim().split(',');
  return lines.map((line) => parseLine(columns, line)).filter((sample) => sample !== undefined);
}

function parseLine(columns: string[], line: string): Sample | undefined {
  const values = line.trim().split(',');
  if (values.length !== columns.length) return undefined;
  const field = (name: string) => values[columns.indexOf(name)] ?? '';
  const at = Date.parse(field('time'));
  const number = Object.fromEntries(NUMBERS.map((name) => [name, Number(field(name))])) as Record<
    Column,
    number
  >;
  if (Number.isNaN(at) || Object.values(number).some(Number.isNaN)) return undefined;
  const { usr, sys, wa, irq, soft, steal } = number;
  return {
    at,
    phase: field('phase'),
    busy: Math.min(100, usr + sys + irq + soft + steal),
    user: usr,
    system: sys + irq + soft + steal,
    iowait: wa,
    runQueue: number.runq,
    memoryBytes: number.mem_total_kib * KIB,
    availableBytes: number.mem_available_kib * KIB,
    swapBytes: number.swap_used_kib * KIB,
  };
}
