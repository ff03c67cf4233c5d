import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { prepareInputs } from '../../examples/vicinity/prepare-inputs.ts';
import { type LocalCloud, startLocalCloud } from '../../sandbox/local-cloud.ts';
import { examplePipeline } from '../../sandbox/package-parts.ts';
import { vicinity } from '../../scripts/start/vicinity.ts';
import { functionsFolder, startupScript } from '../../shared/artifacts/parts.ts';
import { CONFIG_FILE, loadConfig } from '../../shared/config/load.ts';
import { TOPICS } from '../../shared/model/topics.ts';

/** What one run did, from the message that asks for it to the Slack message that its VM is off. */
export interface RunCalls {
  /** Calls of each operation, by the function that made them; of the VM under the empty name. */
  calls: Map<string, Map<string, number>>;
  /** Seconds in which each function handled its events, a cold start included. */
  seconds: Map<string, number>;
  messages: number;
}

const DEADLINE_MS = 300_000;
export const CALLERS = ['start-run', 'finish-run', 'sweep-runs', ''];

/** One run of the example pipeline on a local cloud of its own. The VM takes `bootSeconds` until its startup script begins. */
export async function countCalls(bootSeconds: number): Promise<RunCalls> {
  const directory = mkdtempSync(join(tmpdir(), 'api-calls-'));
  const pipeline = examplePipeline();
  prepareInputs();
  const [bundles, script] = await Promise.all([functionsFolder(), startupScript()]);
  const cloud = await startLocalCloud({
    stateDir: directory,
    portBase: 0,
    config: loadConfig({ text: readFileSync(join(pipeline, CONFIG_FILE), 'utf8'), env: {} }),
    functionsDir: bundles,
    startupScript: `#!/bin/bash\nsleep ${bootSeconds}\n${script}`,
  });
  try {
    const { signal } = new AbortController();
    await vicinity({ cwd: pipeline, env: cloud.env(), signal, output: process.stderr }).must('push');
    cloud.calls.clear();
    return await oneRun(cloud);
  } finally {
    await cloud.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function oneRun(cloud: LocalCloud): Promise<RunCalls> {
  const seconds = new Map<string, number>();
  let messages = 0;
  const finished = Promise.withResolvers<void>();
  const deadline = setTimeout(
    () => finished.reject(new Error(`The run did not end within ${DEADLINE_MS / 1000} s.`)),
    DEADLINE_MS,
  );
  cloud.onActivity((activity) => {
    if (activity.kind !== 'function') return;
    const { function: name, milliseconds, status, problem } = activity.event;
    messages += 1;
    seconds.set(name, (seconds.get(name) ?? 0) + milliseconds / 1000);
    if (status >= 400) finished.reject(new Error(`${name} answered ${status}: ${problem}`));
    else if (name === 'finish-run') finished.resolve();
  });
  Object.assign(process.env, cloud.env());
  const pubsub = new PubSub({ projectId: cloud.config.project });
  await pubsub.topic(TOPICS.run).publishMessage({ data: Buffer.from('{}') });
  await finished.promise.finally(() => clearTimeout(deadline));
  await pubsub.close();
  const calls = new Map(CALLERS.map((caller) => [caller, cloud.calls.by(caller)]));
  return { calls, seconds, messages };
}
