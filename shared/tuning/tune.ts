import type { RunFigures } from '../history/facts.ts';
import { type MachineType, machineType } from '../machines/machine-types.ts';
import type { Provisioning } from '../pricing/price-table.ts';
import { type PriceOverrides, pricePerHour } from '../pricing/prices.ts';
import type { PhaseLoad } from '../telemetry/loads.ts';
import { adviseWorkers, mostByMemory } from './rules.ts';

/** A machine with a number of workers, and what a run on it takes and costs. */
export interface Option {
  machineType: string;
  workers: number;
  seconds: number;
  dollars: number;
  /** Runs that were measured like this; 0: estimated from the load of the tuned run. */
  measured: number;
}

export interface Tuning {
  runId: string;
  target: string;
  now: Option;
  next: Option;
  /** Why, with the figures behind it. */
  because: string[];
  /** Every machine type that is allowed, cheapest first. */
  options: Option[];
}

export interface TuningInput {
  run: RunFigures;
  /** Load of its phase `make`. */
  load: PhaseLoad;
  /** Good runs of the same target, newest first; the tuned one may be among them. */
  history: RunFigures[];
  machineTypes: string[];
  provisioning?: Provisioning | undefined;
  prices?: PriceOverrides | undefined;
}

/** How much longer a cheaper option may take before it is no longer worth proposing. */
const PATIENCE = 1.25;
/** Percent busy that an untried machine is assumed to reach. */
const EXPECTED_BUSY = 85;

/** Next WORKERS and machine type; undefined where the run lacks the figures. */
export function tune(input: TuningInput): Tuning | undefined {
  const { run, load, machineTypes } = input;
  const { workers, makeSeconds, seconds } = run;
  const machine = machineType(run.machineType ?? '');
  if (!machine || !workers || !makeSeconds || !seconds) return undefined;
  const base: Base = { ...input, machine, workers, makeSeconds, seconds };
  const advice = adviseWorkers(workers, load);
  const now = optionOf(base, machine, workers);
  const same = optionOf(base, machine, advice.workers);
  const others = machineTypes
    .filter((name) => name !== machine.name)
    .map((name) => machineType(name))
    .filter((type) => type !== undefined)
    .map((type) => optionOf(base, type, workersFor(base, type)));
  const options = [same, ...others].flatMap((option) => option ?? []).toSorted(byDollars);
  if (!now || !same) return undefined;
  const next = options.find((option) => option.seconds <= now.seconds * PATIENCE) ?? same;
  const because = [advice.because, ...machineReason(next, now)];
  return { runId: run.runId, target: run.target, now, next, because, options };
}

type Base = TuningInput & { machine: MachineType; workers: number; makeSeconds: number; seconds: number };

function byDollars(a: Option, b: Option): number {
  return a.dollars - b.dollars || a.seconds - b.seconds;
}

/** Undefined where the machine's price is not known. */
function optionOf(base: Base, machine: MachineType, workers: number): Option | undefined {
  const hourly = pricePerHour(machine.name, base.provisioning, base.prices);
  if (hourly === undefined) return undefined;
  const alike = base.history.filter(
    (run) => run.machineType === machine.name && run.workers === workers && run.seconds,
  );
  const seconds = alike.length > 0 ? medianOf(alike) : estimate(base, machine, workers);
  const dollars = (hourly * seconds) / 3600;
  return { machineType: machine.name, workers, seconds, dollars, measured: alike.length };
}

/**
 * The work of the tuned run, in busy vCPU seconds, spread over the other machine. Holds for the same processor family, and for work
 * that more workers can share; the rest of the run takes as long as before.
 */
function estimate(base: Base, machine: MachineType, workers: number): number {
  const { load, makeSeconds, seconds } = base;
  const work = makeSeconds * base.machine.guestCpus * Math.max(load.busy, 1);
  const reach = Math.max(EXPECTED_BUSY, machine.name === base.machine.name ? load.busy : 0);
  const busy = Math.min(reach, (workers * busyPerWorker(base)) / machine.guestCpus);
  return seconds - makeSeconds + work / (machine.guestCpus * busy);
}

/** As many as would fill the other machine's processors, as far as memory reaches. */
function workersFor(base: Base, machine: MachineType): number {
  const byCpu = Math.floor((machine.guestCpus * EXPECTED_BUSY) / busyPerWorker(base));
  const byMemory = mostByMemory(base.workers, base.load.peakBytes, machine.memoryMb * 1024 * 1024);
  return Math.max(1, Math.min(byCpu, byMemory, machine.guestCpus));
}

/** Percent of one vCPU that a worker kept busy. */
function busyPerWorker({ load, machine, workers }: Base): number {
  return (machine.guestCpus * Math.max(load.busy, 1)) / workers;
}

function machineReason(next: Option, now: Option): string[] {
  if (next.machineType === now.machineType) return [];
  const saved = Math.round((1 - next.dollars / now.dollars) * 100);
  const time = Math.round((next.seconds / now.seconds - 1) * 100);
  const pace =
    time > 0 ? `takes ${time} % longer` : time < 0 ? `takes ${-time} % less time` : 'takes as long';
  const source = next.measured > 0 ? `measured in ${next.measured} runs` : 'estimated from the same work';
  return [`${next.machineType} costs ${saved} % less and ${pace} (${source})`];
}

function medianOf(runs: RunFigures[]): number {
  const sorted = runs.flatMap(({ seconds }) => seconds ?? []).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
