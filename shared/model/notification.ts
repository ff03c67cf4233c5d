import type { ValidationIssue } from '../errors.ts';
import type { Status } from './status.ts';

/** A run's VM was started for the first time. */
export interface Started {
  event: 'started';
  status: Status;
  /** The machine that was started: the one that was asked for may be out of stock. */
  machineType: string;
  provisioning: 'standard' | 'spot';
  /** Of the machine; absent where its price is not known, as are the dollars below. */
  dollarsPerHour?: number;
  /** What the run takes and costs if it goes as the former one did; absent where there is none. */
  expected?: { seconds: number; dollars?: number };
  /** The run is stopped after so many seconds at the latest. */
  maxSeconds: number;
}

/** A message to people. `resend`: an earlier attempt may have reached them. */
export type Notification = { resend: boolean } & (
  | { event: 'queued'; status: Status; behind: string }
  /** The zone has no machine of the wanted types; `error` is Compute Engine's code. */
  | { event: 'start-delayed'; status: Status; error: string; machineTypes: string[]; giveUpAt: string }
  | Started
  | { event: 'retrying'; status: Status; reason: string }
  | { event: 'finished'; status: Status; logTail: string[] }
  | { event: 'vm-off'; status: Status }
  | { event: 'cancel-too-late'; status: Status }
  | { event: 'orphan-vm'; instance: string; zone: string; onSince: string }
  /** An object does not match its schema. `runId`: of which run; absent: it is the slot, and nothing can start. */
  | { event: 'damaged'; object: string; problem: string; runId?: string }
  | { event: 'missed-schedule'; schedule: string; due: string; region: string }
  | { event: 'rejected'; messageId: string; issues: ValidationIssue[]; request: string }
);
