import type { InstanceStore } from './instance-store.ts';
import { type Operations, SYSTEM } from './operations.ts';

/**
 * Sets right what an earlier local cloud left: when it ends, however it ends, its machines lose their power. So an
 * instance that was on is now TERMINATED after a host error, and no operation goes on.
 */
export function recoverFromPowerLoss(store: InstanceStore, operations: Operations, now: Date): void {
  for (const operation of operations.list().filter((each) => each.status !== 'DONE'))
    operations.finish(operation, {
      code: 'INTERNAL_ERROR',
      message: 'The local cloud was stopped during this operation.',
    });
  for (const instance of store.list().filter((each) => each.status !== 'TERMINATED')) {
    operations.finish(operations.begin('compute.instances.hostError', instance, SYSTEM));
    instance.status = 'TERMINATED';
    instance.lastStopTimestamp = now.toISOString();
    delete instance.terminationTimestamp;
  }
  store.save();
}
