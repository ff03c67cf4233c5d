import type { FunctionName } from '../../shared/model/functions.ts';

/** Names that the table gives. Those of the topics are contracts (shared/model/topics.ts). */

/** Accounts besides the functions' own, which are called `vicinity-<function>`. */
export const VM_ACCOUNT = 'vicinity-vm';
export const PUSH_ACCOUNT = 'vicinity-push';
export const accountOf = (name: FunctionName) => `vicinity-${name}`;

export const WEBHOOK_SECRET = 'vicinity-slack-webhook';
/** Where the secret's newest version is mounted: Cloud Run mounts a secret as a folder of its own. */
export const WEBHOOK_FILE = '/etc/vicinity/slack-webhook';

export const CONTROL_ROLE = 'vicinityControl';
export const OPERATIONS_ROLE = 'vicinityOperations';

export const LABELS = { 'managed-by': 'vicinity' };

export function emailOf(account: string, project: string): string {
  return `${account}@${project}.iam.gserviceaccount.com`;
}

export function memberOf(account: string, project: string): string {
  return `serviceAccount:${emailOf(account, project)}`;
}
