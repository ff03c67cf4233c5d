import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 50;

/** Waits for something that another process does. Throws after `seconds` of real time. */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 90): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`This did not happen within ${seconds} s: ${holds}`);
    await sleep(PAUSE_MS);
  }
}
