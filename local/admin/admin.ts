import type { Server } from 'node:http';
import type { FaultRule } from '../core/faults.ts';
import { invalid, notFound } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { createService, type ServiceContext } from '../http/service.ts';
import type { AdminCloud } from './admin-cloud.ts';
import { checkFault } from './checks.ts';
import { summary } from './summary.ts';

/** What only the operator of a cloud can do: see everything, inject faults, advance the clock, cut the power. */
export function createAdmin(cloud: AdminCloud, project: string, context: ServiceContext): Server {
  const { clock, faults, calls, compute, functions } = cloud;
  const { usage } = cloud.project.directory;
  const routes = [
    route('GET', '/', 'admin.summary', () => ({ body: summary(cloud, project) })),
    route('GET', '/faults', 'admin.faults.list', () => ({ body: { faults: faults.list() } })),
    route('POST', '/faults', 'admin.faults.add', async (call) => ({
      body: faults.add(checkFault(await call.json<FaultRule>())),
    })),
    route('DELETE', '/faults', 'admin.faults.clear', () => {
      faults.clear();
      return { status: 204 };
    }),
    route('GET', '/clock', 'admin.clock.get', time),
    route('POST', '/clock', 'admin.clock.advance', advance),
    route('GET', '/calls', 'admin.calls.list', () => ({ body: { calls } })),
    route('DELETE', '/calls', 'admin.calls.clear', () => {
      calls.clear();
      return { status: 204 };
    }),
    route('GET', '/iam', 'admin.iam.list', () => ({ body: usage.toJSON() })),
    route('DELETE', '/iam', 'admin.iam.clear', () => {
      usage.clear();
      return { status: 204 };
    }),
    route('POST', '/instances/:name/preempt', 'admin.instances.preempt', (call) => ({
      body: compute.preempt(zoneOf(call.param('name')), call.param('name')),
    })),
    route('POST', '/instances/:name/kill', 'admin.instances.kill', cutPower),
    route('POST', '/instances/:name/host-error', 'admin.instances.hostError', cutPower),
    route('POST', '/functions/:name/kill', 'admin.functions.kill', killFunction),
    route('POST', '/functions/:name/crash', 'admin.functions.crash', crashFunction),
  ];
  return createService('admin', routes, context);

  function time(): Reply {
    return { body: { now: clock.now().toISOString(), aheadSeconds: Math.round(clock.ahead / 1000) } };
  }

  async function advance(call: Call): Promise<Reply> {
    const { advanceSeconds } = await call.json<{ advanceSeconds?: unknown }>();
    if (typeof advanceSeconds !== 'number' || !(advanceSeconds >= 0))
      throw invalid('advanceSeconds must be a number of seconds, 0 or more: the clock only goes forward.');
    clock.advance(advanceSeconds * 1000);
    return time();
  }

  function cutPower(call: Call): Reply {
    const name = call.param('name');
    return { body: compute.kill(zoneOf(name), name) };
  }

  /** Instances are named without their zone here. */
  function zoneOf(name: string): string {
    const instance = compute.store.list().find((each) => each.name === name);
    if (instance) return instance.zone;
    throw notFound(`There is no instance ${name}.`);
  }

  function killFunction(call: Call): Reply {
    const name = call.param('name');
    if (!functions.get(name).kill()) throw notFound(`${name} has no running instance to kill.`);
    return { body: functions.get(name).state };
  }

  async function crashFunction(call: Call): Promise<Reply> {
    const { afterCalls } = await call.json<{ afterCalls?: unknown }>();
    if (!Number.isInteger(afterCalls) || Number(afterCalls) < 0)
      throw invalid('afterCalls must be a whole number of calls, 0 or more.');
    const wanted = functions.get(call.param('name'));
    wanted.crashAfter(Number(afterCalls));
    return { body: wanted.state };
  }
}
