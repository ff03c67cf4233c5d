import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Faults } from '../../core/faults.ts';
import { notFound } from '../../http/api-error.ts';
import { createScheduler } from '../../scheduler/scheduler.ts';
import { stoppedClock } from '../stopped-clock.ts';

export const PARENT = 'projects/test-project/locations/us-east4';
export const JOB = `${PARENT}/jobs/weekly`;
export const TOPIC = 'projects/test-project/topics/topic-a';

export type Rest = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ status: number; body: Record<string, unknown> }>;

/** A scheduler whose publishing the test sees and can make fail, and whose clock it moves. */
export async function startScheduler(t: TestContext, stateDir = temporaryFolder(t)) {
  const clock = stoppedClock();
  const published: { topic: string; message: object }[] = [];
  const failing = { now: false };
  const publish = (topic: string, message: object) => {
    published.push({ topic, message });
    if (failing.now) throw notFound(`Topic ${topic} does not exist.`);
  };
  const scheduler = createScheduler({
    project: 'test-project',
    stateDir,
    context: { clock, faults: new Faults(), onCall: () => {} },
    publish,
  });
  const port = await scheduler.listen(0);
  t.after(async () => {
    await scheduler.close();
    clock.close();
  });
  const rest: Rest = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  /** Moves the cloud's time, and lets what fell due run. */
  const advance = async (seconds: number) => {
    clock.advance(seconds * 1000);
    await nextTurn();
  };
  /** Moves the cloud's time to the next firing of the job. */
  const advanceToFiring = async () => {
    const { scheduleTime } = (await rest('GET', JOB)).body;
    await advance((Date.parse(String(scheduleTime)) - clock.now().getTime()) / 1000);
  };
  return { scheduler, port, clock, published, failing, rest, advance, advanceToFiring };
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'scheduler-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
