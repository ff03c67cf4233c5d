import { setTimeout as sleep } from 'node:timers/promises';
import { sweepNspawnLeftovers } from '../local/vm/nspawn/leftovers.ts';
import { findRunning, releaseStateDir } from './running.ts';
import { vmsDir } from './state-dir.ts';

const END_DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 500;

/**
 * Ends the cloud of a state directory, with its VM and functions. Returns its pid, or undefined where none was running.
 * One that does not end when asked to is killed: its VM and functions notice, and end too.
 */
export async function down(stateDir: string): Promise<number | undefined> {
  const running = await findRunning(stateDir);
  if (!running) {
    await sweepNspawnLeftovers(vmsDir(stateDir));
    releaseStateDir(stateDir);
    return undefined;
  }
  process.kill(running.pid, 'SIGTERM');
  if (await hasEnded(stateDir)) return running.pid;
  process.kill(running.pid, 'SIGKILL');
  if (!(await hasEnded(stateDir)))
    throw new Error(`The local cloud (pid ${running.pid}) could not be ended. End that process by hand.`);
  await sweepNspawnLeftovers(vmsDir(stateDir));
  releaseStateDir(stateDir);
  return running.pid;
}

async function hasEnded(stateDir: string): Promise<boolean> {
  const deadline = performance.now() + END_DEADLINE_MS;
  for (let pause = FIRST_PAUSE_MS; performance.now() < deadline; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    if (!(await findRunning(stateDir))) return true;
    await sleep(pause);
  }
  return false;
}
