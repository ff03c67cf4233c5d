import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusName } from '../../../shared/model/layout.ts';
import type { Status } from '../../../shared/model/status.ts';
import { writeStatus } from '../../../shared/records/status-store.ts';
import { statusOf } from '../../cli/support/statuses.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { MemoryObjects } from '../../fakes/memory-objects.ts';

const proof = { stoppedBy: 'startup-script' as const, terminatedSeenAt: '2026-11-24T03:20:40.000Z' };
const finished = statusOf({ status: 'succeeded', verdict: 'ok' });
const proven: Status = { ...finished, vm: { ...finished.vm, ...proof } };
const { terminatedSeenAt: _, stoppedBy: __, ...onceOn } = proven.vm;
const unproven: Status = { ...finished, vm: onceOn };
const running = statusOf({ status: 'running' });

const cases: [string, Status, Status, Status][] = [
  ['a finished status stands against an unfinished one that comes late', unproven, running, unproven],
  ['the proof that the VM is off stands against a status without it', proven, unproven, proven],
  ['the proof comes into a finished status', unproven, proven, proven],
  ['an unfinished status is followed by the next', running, unproven, unproven],
];

for (const [what, before, after, standing] of cases) {
  test(what, async () => {
    const objects = new MemoryObjects(new ManualClock());
    await writeStatus(objects, before);
    assert.deepEqual(await writeStatus(objects, after), standing);
    assert.deepEqual(objects.json(statusName(before.runId)), standing);
  });
}
