import { readHeartbeat } from '../../shared/history/heartbeat.ts';
import { readStatuses } from '../../shared/history/runs.ts';
import { readVm } from '../../shared/presentation/vm.ts';
import { readSlot } from '../../shared/records/slot-store.ts';
import type { Context } from '../context/context.ts';
import type { Overview } from '../output/overview-view.ts';
import { readBaseline, withHeartbeat } from './records.ts';

/** What occupies the VM and what waits for it. A VM that cannot be read is reported as such. */
export async function readOverview(context: Context): Promise<Pick<Overview, 'vm' | 'active' | 'queue'>> {
  const { config, host } = context;
  const objects = await context.objects();
  const [vm, { slot }] = await Promise.all([
    readVm(async () => (await context.instance()).read(), config, host.clock.now()),
    readSlot(objects, config.instance),
  ]);
  const queued = slot.queue.map(({ runId }) => runId);
  const [active] = slot.active ? await readStatuses(objects, [slot.active.runId]) : [];
  const heartbeat = active && (await readHeartbeat(objects, active));
  return {
    vm,
    active: active && {
      status: withHeartbeat(active, heartbeat, await readBaseline(objects, active.runId)),
      heartbeat,
    },
    queue: await readStatuses(objects, queued),
  };
}
