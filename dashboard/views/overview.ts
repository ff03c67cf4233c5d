import { configDifferences, describeDifferences, readDeployedConfig } from '../../shared/config/deployed.ts';
import type { Config } from '../../shared/config/schema.ts';
import { readStatuses } from '../../shared/history/runs.ts';
import { readVm, type VmView } from '../../shared/presentation/vm.ts';
import { readSlot } from '../../shared/records/slot-store.ts';
import type { Source } from '../source.ts';
import { type RunRow, runRow } from './run-row.ts';

/** What is going on: the VM, the run that has it, and those that wait. */
export interface Overview {
  project: string;
  bucket: string;
  machine: VmView;
  active?: RunRow;
  queue: RunRow[];
  form: RunForm;
  /** How vicinity.yaml differs from the deployed configuration, which runs use; empty where it does not. */
  staleConfig: string;
}

/** What may be asked for. */
export interface RunForm {
  defaultTarget: string;
  targets: {
    name: string;
    params: { name: string; pattern: string; default: string; description: string }[];
  }[];
  machineTypes: string[];
}

export async function overview(source: Source): Promise<Overview> {
  const { objects, config, clock, readInstance } = source;
  const [machine, { slot }, deployed] = await Promise.all([
    readVm(readInstance, config, clock.now()),
    readSlot(objects, config.instance),
    readDeployedConfig(objects, config.instance),
  ]);
  const wanted = [...(slot.active ? [slot.active.runId] : []), ...slot.queue.map(({ runId }) => runId)];
  const statuses = await readStatuses(objects, wanted);
  const active = statuses.find(({ runId }) => runId === slot.active?.runId);
  return {
    project: config.project,
    bucket: config.bucket,
    machine,
    ...(active && { active: runRow(active) }),
    queue: statuses.filter((status) => status !== active).map(runRow),
    form: formOf(config),
    staleConfig: deployed ? staleText(describeDifferences(configDifferences(deployed, config))) : '',
  };
}

function staleText(differences: string): string {
  if (differences === '') return '';
  const remedy = 'To apply it: vicinity deploy apply, or vicinity local up for a local cloud.';
  return `vicinity.yaml differs from the deployed configuration, which runs use: ${differences}. ${remedy}`;
}

function formOf({ defaultTarget, targets, params, machineTypes }: Config): RunForm {
  return {
    defaultTarget,
    machineTypes,
    targets: Object.entries(targets).map(([name, target]) => ({
      name,
      params: Object.entries({ ...params, ...target.params }).map(
        ([param, { pattern, description = '', ...rest }]) => ({
          name: param,
          pattern,
          default: rest.default ?? '',
          description,
        }),
      ),
    })),
  };
}
