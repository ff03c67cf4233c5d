import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTick } from 'node:timers/promises';
import fc from 'fast-check';
import type { Instance, Status } from '../../compute/instance.ts';
import { instanceFrom } from '../../compute/instance-body.ts';
import { CHANGES } from '../../compute/instance-changes.ts';
import { InstanceStore } from '../../compute/instance-store.ts';
import { Lifecycle } from '../../compute/lifecycle.ts';
import { Machines } from '../../compute/machines.ts';
import { fingerprint } from '../../compute/metadata-limits.ts';
import { type Operation, Operations } from '../../compute/operations.ts';
import { Faults } from '../../core/faults.ts';
import { ApiError } from '../../http/api-error.ts';
import { fixedMetadata } from '../../metadata/source.ts';
import { stoppedClock } from '../stopped-clock.ts';
import { IdleVms } from './idle-vms.ts';

const USER = { user: 'test' };
const MAX_MS = 100_000;

/** What may follow what; RUNNING to RUNNING is a reset, which is no change of status. */
const LEGAL: Record<Status, Status[]> = {
  TERMINATED: ['PROVISIONING'],
  PROVISIONING: ['STAGING', 'STOPPING', 'TERMINATED'],
  STAGING: ['RUNNING', 'STOPPING'],
  RUNNING: ['STOPPING'],
  STOPPING: ['TERMINATED'],
};

/** Machines without guests: nobody reads it. */
const NO_METADATA = fixedMetadata({
  project: { projectId: 'test-project', numericProjectId: '1', attributes: {} },
  serviceAccount: { email: 'vm@example.com', scopes: [] },
});

class World {
  readonly clock = stoppedClock();
  readonly faults = new Faults();
  readonly vms = new IdleVms();
  readonly stateDir = mkdtempSync(join(tmpdir(), 'gcp-local-lifecycle-'));
  readonly store = new InstanceStore(this.stateDir, 'test-project');
  readonly operations = new Operations(this.stateDir, this.clock);
  readonly machines = new Machines(this.vms, () => NO_METADATA);
  readonly lifecycle = new Lifecycle(this);
  readonly instance: Instance;
  /** Changes of status that must not be. */
  readonly illegal: string[] = [];
  readonly #body = { name: 'vm', machineType: 'e2-small' };

  constructor() {
    this.instance = this.store.add(instanceFrom(this.#body, 'us-east4-c', this.clock));
    this.#watchStatus();
  }

  #watchStatus(): void {
    let before = this.instance.status;
    this.store.onChange(() => {
      const { status } = this.instance;
      if (status !== before && !LEGAL[before].includes(status)) this.illegal.push(`${before} to ${status}`);
      before = status;
    });
  }

  close(): void {
    this.clock.close();
    rmSync(this.stateDir, { recursive: true });
  }
}

type Step = (world: World) => void | Promise<void>;

const steps: Record<string, Step> = {
  start: ({ lifecycle, instance }) => void lifecycle.start(instance, USER),
  stop: ({ lifecycle, instance }) => void lifecycle.stop(instance, USER),
  reset: ({ lifecycle, instance }) => void lifecycle.reset(instance, USER),
  preempt: ({ lifecycle, instance }) => void lifecycle.preempt(instance),
  hostError: ({ lifecycle, instance }) => void lifecycle.hostError(instance),
  stockout: ({ faults }) => void faults.add({ operation: 'compute.instances.start', kind: 'stockout' }),
  guestTurnsOff: ({ vms }) => vms.on.at(-1)?.turnOff('guest'),
  setMetadata({ instance }) {
    const body = { fingerprint: fingerprint(instance.metadata), items: [{ key: 'A', value: '1' }] };
    CHANGES.setMetadata?.(instance, body);
  },
  tick: () => nextTick(),
};

test('whatever is asked in whatever order, an instance goes only through legal statuses', async () => {
  const step = (name: string): [string, Step] => [name, steps[name] ?? assert.fail(name)];
  const advance = (ms: number): [string, Step] => [
    `advance ${ms}`,
    async ({ clock }) => {
      clock.advance(ms);
      await nextTick();
    },
  ];
  // Half of the time passes, mostly from one status to the next; of the rest, half are starts and stops.
  const anyStep = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(1, 200, 300, 600).map(advance) },
    { weight: 2, arbitrary: fc.constantFrom('start', 'stop').map(step) },
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(steps)).map(step) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (script) => {
      const world = new World();
      try {
        for (const [, step] of script) await take(step, world);
        await settle(world);
        assert.deepEqual(world.illegal, []);
        assert.ok(['RUNNING', 'TERMINATED'].includes(world.instance.status), world.instance.status);
        assert.equal(
          world.vms.on.length,
          world.instance.status === 'RUNNING' ? 1 : 0,
          'machines that are on',
        );
        assert.deepEqual(world.operations.list().filter(isUnfinishedOrBroken), []);
      } finally {
        world.close();
      }
    }),
    { numRuns: 500 },
  );
});

function isUnfinishedOrBroken({ status, error }: Operation): boolean {
  return status !== 'DONE' || error?.code === 'INTERNAL_ERROR';
}

/** A step that the API refuses is as good as none. */
async function take(step: Step | undefined, world: World): Promise<void> {
  try {
    await step?.(world);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Lets everything come to rest. */
async function settle({ clock }: World): Promise<void> {
  for (let passed = 0; passed < MAX_MS; passed += 5_000) {
    clock.advance(5_000);
    await nextTick();
  }
}
