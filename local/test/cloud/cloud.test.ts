import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { listen } from '../../http/service.ts';
import { SERVICES } from '../../ports.ts';
import {
  answers,
  becomes,
  getJson,
  nextActivity,
  PROJECT,
  startEmptyCloud,
  startTestCloud,
  workFolder,
} from './test-cloud.ts';

const work = workFolder();
after(work.remove);
const { functionsDir } = work;
const PARENT = `projects/${PROJECT}`;
const INSTANCE = `compute/v1/${PARENT}/zones/us-east4-c/instances/machine`;

test('a message reaches its function, a VM runs its script, and the clock fires a job', async () => {
  await using cloud = await startTestCloud({ stateDir: join(work.path, 'run'), functionsDir });
  const called = nextActivity(cloud, answers('function-a'));
  cloud.pubsub.publish(`${PARENT}/topics/topic-a`, { data: 'e30=' });
  const off = nextActivity(cloud, becomes('TERMINATED'));
  await fetch(`${cloud.endpoints.compute}/${INSTANCE}/start`, { method: 'POST' });
  await off;
  const { contents } = await getJson<{ contents: string }>(
    `${cloud.endpoints.compute}/${INSTANCE}/serialPort`,
  );
  assert.match(contents, /hello from the VM/);
  assert.deepEqual(await called, { kind: 'function', event: { ...(await eventOf(called)), status: 204 } });
  const swept = nextActivity(cloud, answers('function-c'));
  cloud.clock.advance(600_000);
  await swept;
});

test('keeps its state, and delivers to the functions at their new address', async () => {
  const stateDir = join(work.path, 'kept');
  await using first = await startTestCloud({ stateDir, functionsDir });
  const upload = `${first.endpoints.storage}/upload/storage/v1/b/${PROJECT}/o?uploadType=media&name=kept`;
  await fetch(upload, { method: 'POST', body: 'bytes' });
  await first.close();

  await using second = await startTestCloud({ stateDir, functionsDir });
  const kept = await fetch(`${second.endpoints.storage}/storage/v1/b/${PROJECT}/o/kept?alt=media`);
  assert.equal(await kept.text(), 'bytes');
  const called = nextActivity(second, answers('function-a'));
  second.pubsub.publish(`${PARENT}/topics/topic-a`, { data: 'e30=' });
  assert.equal((await eventOf(called)).status, 204);
});

test('continues at its own time: no record is ever ahead of it', async () => {
  const stateDir = join(work.path, 'ahead');
  await using first = await startTestCloud({ stateDir, functionsDir });
  first.clock.advance(7_200_000);
  const before = first.clock.now();
  await first.close();

  await using second = await startTestCloud({ stateDir, functionsDir });
  assert.ok(second.clock.now() >= before, `${second.clock.now().toISOString()} < ${before.toISOString()}`);
});

test('two clouds run side by side', async () => {
  await using one = await startTestCloud({ stateDir: join(work.path, 'one'), functionsDir });
  await using two = await startTestCloud({ stateDir: join(work.path, 'two'), functionsDir });
  const ports = [one, two].flatMap(({ endpoints }) => Object.values(endpoints));
  assert.equal(new Set(ports).size, 2 * SERVICES.length);
});

test('reports a taken port with another base, and leaves nothing running', async (t) => {
  const blocker = createServer();
  t.after(() => blocker.close());
  // Below the ports that the system gives out, so that no other test has one of the block.
  const portBase = 20_000 + (process.pid % 1000) * 10;
  const taken = await listen(blocker, portBase + SERVICES.indexOf('slack'));
  const options = { stateDir: join(work.path, 'taken'), portBase };
  await assert.rejects(startEmptyCloud(options), {
    name: 'PortInUseError',
    message: `Port ${taken} on 127.0.0.1 (slack) is in use by another local cloud or another program.`,
    otherBase: portBase + 1000,
  });
  await new Promise((resolve) => blocker.close(resolve));
  await using cloud = await startEmptyCloud(options);
  assert.equal(cloud.endpoints.slack, `http://127.0.0.1:${taken}`);
});

async function eventOf(activity: Promise<Awaited<ReturnType<typeof nextActivity>>>) {
  const { kind, ...rest } = await activity;
  assert.ok(kind === 'function' && 'event' in rest && 'function' in rest.event);
  return rest.event;
}
