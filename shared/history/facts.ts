import { machineType } from '../machines/machine-types.ts';
import type { Status } from '../model/status.ts';
import { costOfRun } from '../pricing/run-cost.ts';

/** What is compared between runs. Absent: not known. */
export interface RunFigures {
  runId: string;
  target: string;
  status: Status['status'];
  verdict?: Status['verdict'];
  machineType?: string | undefined;
  workers?: number | undefined;
  /** From its start on the VM to its end. */
  seconds?: number | undefined;
  makeSeconds?: number | undefined;
  dollars?: number | undefined;
  outputBytes?: number | undefined;
  startedAt?: string | undefined;
}

export function figuresOf(status: Status): RunFigures {
  const { runId, target, vm, phases, outputs, startedAt } = status;
  return {
    runId,
    target,
    status: status.status,
    ...(status.verdict && { verdict: status.verdict }),
    machineType: vm.machineType,
    workers: status.workers ?? workersOf(status),
    seconds: secondsOf(status),
    makeSeconds: phases?.find(({ name }) => name === 'make')?.seconds,
    dollars: (status.cost ?? costOfRun({ ...vm, phases }))?.total,
    outputBytes: outputs?.reduce((sum, { bytes }) => sum + bytes, 0),
    startedAt,
  };
}

/** Of a run that has not told: as asked for; else what the VM takes by itself, a third of its vCPUs. */
function workersOf({ params, vm }: Pick<Status, 'params' | 'vm'>): number | undefined {
  const asked = Number(params.WORKERS);
  if (asked > 0) return asked;
  const cpus = vm.machineType === undefined ? undefined : machineType(vm.machineType)?.guestCpus;
  return cpus && Math.max(1, Math.floor(cpus / 3));
}

export function secondsOf({ startedAt, finishedAt }: Pick<Status, 'startedAt' | 'finishedAt'>) {
  if (!startedAt || !finishedAt) return undefined;
  return Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
