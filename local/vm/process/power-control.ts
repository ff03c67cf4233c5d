import type { Server } from 'node:http';
import { invalid, notFound } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import { route } from '../../http/router.ts';
import { createService, type ServiceContext } from '../../http/service.ts';

/** What a machine's `shutdown` command may do. */
export interface GuestPower {
  /** Shuts down in `minutes` of cloud time, in place of any shutdown scheduled before; 0 is at once. */
  schedule(minutes: number): void;
  cancel(): void;
}

/** Serves the `shutdown` of every machine that is on: `POST` and `DELETE /boots/<boot>/shutdown`. */
export function createPowerControl(boots: Map<string, GuestPower>, context: ServiceContext): Server {
  return createService(
    'vm',
    [
      route('POST', '/boots/:boot/shutdown', 'vm.shutdown', (call) => schedule(call, boots, context)),
      route('DELETE', '/boots/:boot/shutdown', 'vm.cancelShutdown', (call) => cancel(call, boots)),
    ],
    context,
  );
}

function schedule(call: Call, boots: Map<string, GuestPower>, { clock }: ServiceContext): Reply {
  const minutes = call.query('minutes') ?? '';
  if (!/^\d+$/.test(minutes)) throw invalid(`shutdown: +${minutes} is not a number of minutes`);
  guest(call, boots).schedule(Number(minutes));
  if (Number(minutes) === 0) return { body: 'The system will power off now.\n' };
  const at = new Date(clock.now().getTime() + Number(minutes) * 60_000);
  return { body: `Shutdown scheduled for ${at.toUTCString()}, use 'shutdown -c' to cancel.\n` };
}

function cancel(call: Call, boots: Map<string, GuestPower>): Reply {
  guest(call, boots).cancel();
  return { body: 'The shutdown is cancelled.\n' };
}

function guest(call: Call, boots: Map<string, GuestPower>): GuestPower {
  const found = boots.get(call.param('boot'));
  if (!found) throw notFound('This machine is off.');
  return found;
}
