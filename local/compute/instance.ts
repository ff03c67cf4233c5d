/** Statuses that the local cloud gives an instance (https://cloud.google.com/compute/docs/instances/instance-lifecycle). */
export type Status = 'PROVISIONING' | 'STAGING' | 'RUNNING' | 'STOPPING' | 'TERMINATED';

export interface MetadataItem {
  key: string;
  value: string;
}

export interface Scheduling {
  automaticRestart: boolean;
  onHostMaintenance: string;
  preemptible: boolean;
  provisioningModel: 'STANDARD' | 'SPOT';
  instanceTerminationAction?: 'STOP' | 'DELETE';
  /** `seconds` is an int64 in JSON: a string. */
  maxRunDuration?: { seconds: string; nanos?: number };
}

/** An instance as the state file keeps it; `view.ts` makes the API's resource of it. Times are RFC 3339. */
export interface Instance {
  id: string;
  name: string;
  zone: string;
  /** The bare name, such as `c4d-highcpu-32`. */
  machineType: string;
  description: string;
  status: Status;
  statusMessage?: string;
  metadata: MetadataItem[];
  labels: Record<string, string>;
  tags: string[];
  scheduling: Scheduling;
  serviceAccounts: { email: string; scopes: string[] }[];
  diskSizeGb: string;
  creationTimestamp: string;
  lastStartTimestamp?: string;
  lastStopTimestamp?: string;
  /** When `maxRunDuration` ends; only while it is on. */
  terminationTimestamp?: string;
  /** As its metadata server tells it: true from a preemption until the next start. */
  preempted: boolean;
}

export function isStopped(instance: Instance): boolean {
  return instance.status === 'TERMINATED';
}
