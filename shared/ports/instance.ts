/** A VM's life as the control plane tells it apart (Compute Engine `Instance.status`). */
export type InstanceStatus =
  | 'PROVISIONING'
  | 'STAGING'
  | 'RUNNING'
  | 'STOPPING'
  | 'PENDING_STOP'
  | 'SUSPENDING'
  | 'SUSPENDED'
  | 'REPAIRING'
  | 'TERMINATED'
  | 'STOPPED';

/** What was read of the instance, at one moment. */
export interface InstanceFacts {
  status: InstanceStatus;
  machineType: string;
  /** All metadata items. */
  metadata: Record<string, string>;
  /** Changes with every change of the metadata (Compute Engine's fingerprint). */
  metadataVersion: string;
  labels: Record<string, string>;
  /** The instance's own time limit in seconds, where one is set. */
  maxRunSeconds?: number;
  /** Spot capacity: cheaper, and taken back at any time. */
  isSpot: boolean;
  /** RFC 3339. */
  lastStartedAt?: string;
  lastStoppedAt?: string;
}

/** How the instance is to run, and when it stops itself. */
export interface Scheduling {
  maxRunSeconds: number;
  isSpot: boolean;
}

/** Errors of a start: the zone has no such machine now (https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-resource-availability). */
export const OUT_OF_STOCK: ReadonlySet<string> = new Set([
  'ZONE_RESOURCE_POOL_EXHAUSTED',
  'ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS',
  'RESOURCE_POOL_EXHAUSTED',
]);

/** Errors of any operation that pass by themselves: Compute Engine's own failure, and another operation that is under way. */
export const PASSING_FAILURES: ReadonlySet<string> = new Set(['INTERNAL_ERROR', 'RESOURCE_NOT_READY']);

/** Errors of a start that pass only when a person acts. Any other error is taken for a passing one, a few times. */
export const PERMANENT_FAILURES: ReadonlySet<string> = new Set([
  'QUOTA_EXCEEDED',
  'PERMISSION_DENIED',
  'PERMISSIONS_ERROR',
  'NOT_FOUND',
  'RESOURCE_NOT_FOUND',
  'INVALID_FIELD_VALUE',
]);

/** How a start went: `error` is the operation's own, such as ZONE_RESOURCE_POOL_EXHAUSTED. */
export type StartResult = { started: true } | { started: false; error: string; message: string };

/**
 * The one VM. Every method throws TransientError where a later try may succeed, PermissionError where the account may not,
 * NotFoundError where there is no such instance.
 */
export interface Instance {
  readonly name: string;
  readonly zone: string;
  read(): Promise<InstanceFacts>;
  /** Sets these items and keeps all others. Throws TransientError where the metadata is no longer at `version`. */
  setMetadata(items: Record<string, string>, version: string): Promise<void>;
  /** Only while stopped. */
  setMachineType(machineType: string): Promise<void>;
  /** Only while stopped. The instance is never restarted automatically. */
  setScheduling(scheduling: Scheduling): Promise<void>;
  /** Starts it and waits for the operation. A repeated `requestId` (UUID) has no second effect. */
  start(requestId: string): Promise<StartResult>;
  /** Asks it to stop; does not wait for TERMINATED. A repeated `requestId` (UUID) has no second effect. */
  stop(requestId: string): Promise<void>;
  /** The last 1 MB of the serial console. */
  serialOutput(): Promise<string>;
}

/** Statuses in which the VM can be started. */
export function isOff(status: InstanceStatus): boolean {
  return status === 'TERMINATED' || status === 'STOPPED';
}
