import type { Fault } from '../errors.ts';
import type { Status } from './status.ts';

/** What people are told. `resend` says that an earlier try may have reached them. */
export type Notification = { resend: boolean } & (
  | { event: 'queued'; status: Status; behind: string }
  | { event: 'retrying'; status: Status; reason: string }
  | { event: 'finished'; status: Status; logTail: string[] }
  | { event: 'vm-off'; status: Status }
  | { event: 'cancel-too-late'; status: Status }
  | { event: 'stray-vm'; instance: string; zone: string; onSince: string }
  | { event: 'missed-schedule'; schedule: string; due: string; region: string }
  | { event: 'rejected'; messageId: string; faults: Fault[]; request: string }
);
