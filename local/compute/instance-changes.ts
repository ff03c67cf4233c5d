import { ApiError, notImplemented } from '../http/api-error.ts';
import { type Instance, isStopped } from './instance.ts';
import { checkedMachineType } from './instance-body.ts';
import { checkedMetadata, checkLabelFingerprint, checkMetadataFingerprint } from './metadata-limits.ts';
import { checkedScheduling, type SchedulingBody } from './scheduling.ts';

interface MetadataBody {
  fingerprint?: string;
  items?: { key?: string; value?: string }[];
}

interface LabelsBody {
  labelFingerprint?: string;
  labels?: Record<string, string>;
}

/** A change of an instance: checks the body, and changes the instance or throws. */
export type Change = (instance: Instance, body: object) => void;

/** The changes by the name of their method. They take effect at once; only their operations take time. */
export const CHANGES: Record<string, Change> = {
  setMetadata(instance, body) {
    const { fingerprint, items } = body as MetadataBody;
    checkMetadataFingerprint(fingerprint, instance.metadata);
    instance.metadata = checkedMetadata(items);
  },
  setLabels(instance, body) {
    const { labelFingerprint, labels = {} } = body as LabelsBody;
    checkLabelFingerprint(labelFingerprint, instance.labels);
    instance.labels = labels;
  },
  setMachineType(instance, body) {
    refuseUnlessStopped(instance, 'setMachineType');
    const { machineType } = body as { machineType?: string };
    instance.machineType = checkedMachineType(machineType, instance.zone);
  },
  setScheduling(instance, body) {
    refuseUnlessStopped(instance, 'setScheduling');
    instance.scheduling = checkedScheduling(body as SchedulingBody);
  },
  setServiceAccount(instance, body) {
    refuseUnlessStopped(instance, 'setServiceAccount');
    const { email, scopes = [] } = body as { email?: string; scopes?: string[] };
    instance.serviceAccounts = email === undefined ? [] : [{ email, scopes }];
  },
};

export function changeNamed(name: string): Change {
  const change = CHANGES[name];
  if (!change) throw notImplemented(`compute.instances.${name}`);
  return change;
}

function refuseUnlessStopped(instance: Instance, method: string): void {
  if (isStopped(instance)) return;
  throw new ApiError(
    400,
    'resourceNotReady',
    `Instance ${instance.name} is ${instance.status}; ${method} needs it stopped.`,
  );
}
