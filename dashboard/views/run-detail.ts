import { describeSeconds } from '../../shared/config/duration.ts';
import { readHeartbeat } from '../../shared/history/heartbeat.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import { retryCommand } from '../../shared/model/retry-command.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import { describeDollars, describeHourly } from '../../shared/pricing/costs.ts';
import { stopProof } from '../../shared/slack/finished.ts';
import type { Source } from '../source.ts';
import { type RunRow, runRow } from './run-row.ts';

/** A run with everything that is known of it. */
export interface RunDetail extends RunRow {
  phases: { name: string; time: string; share: number; cost: string }[];
  facts: { name: string; value: string }[];
  outputList: { path: string; files: number; size: string }[];
  /** While it goes on: its phase, and since when. RFC 3339. */
  phase?: string | undefined;
  phaseSince?: string | undefined;
  retryCommand: string;
  /** What the same run is asked for with, beside its target. */
  request: { source: string; params: Record<string, string> };
}

export async function runDetail(source: Source, status: Status): Promise<RunDetail> {
  const heartbeat = await readHeartbeat(source.objects, status);
  const { params, phases = [], outputs = [], cost } = status;
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    ...runRow(status),
    phase: heartbeat?.phase ?? status.phase,
    phaseSince: heartbeat?.phaseStartedAt,
    phases: phases.map(({ name, seconds }) => ({
      name,
      time: describeSeconds(seconds),
      share: total > 0 ? seconds / total : 0,
      cost: describeDollars(cost?.phases.find((phase) => phase.name === name)?.dollars ?? 0),
    })),
    facts: factsOf(status),
    outputList: outputs.map(({ path, objects, bytes }) => ({
      path,
      files: objects,
      size: describeBytes(bytes),
    })),
    retryCommand: retryCommand(status),
    request: { source: status.source.sha256, params },
  };
}

function factsOf(status: Status): RunDetail['facts'] {
  const {
    source,
    vm,
    params,
    attempt = 0,
    exitCode,
    phase,
    warnings = 0,
    errors = 0,
    queuePosition,
  } = status;
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  const commit =
    source.commit && `commit ${source.commit.slice(0, 12)}${source.dirty ? ' with changes' : ''}`;
  const facts: Record<string, string | undefined> = {
    'Place in the queue': queuePosition === undefined ? undefined : String(queuePosition),
    'Exit code':
      status.verdict === 'failed' && exitCode !== undefined ? `${exitCode} in phase ${phase}` : undefined,
    Parameters: given.join('  ') || 'none',
    'Asked for by': status.requestedBy,
    Source: [`package ${source.sha256.slice(0, 12)}`, commit].filter(Boolean).join(', '),
    Log: isFinished(status) ? `${errors} [error] and ${warnings} [warn] lines` : undefined,
    Attempt: attempt > 1 ? String(attempt) : undefined,
    VM: [`${vm.instance} in ${vm.zone}`, vm.machineType].filter(Boolean).join(', '),
    Stopped: vm.stoppedBy && stopProof(vm),
    Cost: status.cost && `${describeDollars(status.cost.total)} at ${describeHourly(status.cost.perHour)}`,
    Results: status.resultsPrefix,
  };
  return Object.entries(facts).flatMap(([name, value]) => (value ? [{ name, value }] : []));
}
