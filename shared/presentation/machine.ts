import { describeSeconds } from '../config/duration.ts';
import type { Status } from '../model/status.ts';
import { describeMoment } from './time.ts';

type Vm = Status['vm'];

const STOPPERS: Record<NonNullable<Vm['stoppedBy']>, string> = {
  'startup-script': 'its startup script',
  'max-run-duration': 'its own time limit (maxRunDuration)',
  'control-plane': 'the control plane',
  unknown: 'something else (preemption, host error, a person)',
};

/** `vicinity-batch in us-east4-c, c4d-highcpu-32`. */
export function machineText({ instance, zone, machineType }: Vm): string {
  return [`${instance} in ${zone}`, machineType].filter(Boolean).join(', ');
}

/** The stop proof: `on for 53 s, stopped by its startup script, TERMINATED seen at 2026-11-24 03:40:46 UTC`. Undefined before the VM is off. */
export function stopProof(vm: Vm): string | undefined {
  const { onSeconds, spotSeconds, stoppedBy, terminatedSeenAt } = vm;
  const facts = [
    onSeconds !== undefined && `on for ${describeSeconds(onSeconds)}`,
    spotSeconds !== undefined && `${describeSeconds(spotSeconds)} of it on Spot`,
    stoppedBy && `stopped by ${STOPPERS[stoppedBy]}`,
    terminatedSeenAt && `TERMINATED seen at ${describeMoment(terminatedSeenAt)}`,
  ];
  return facts.filter(Boolean).join(', ') || undefined;
}
