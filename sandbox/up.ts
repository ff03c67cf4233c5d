import { functionsFolder, startupScript } from '../shared/artifacts/parts.ts';
import { startLocalDashboard } from './dashboard.ts';
import { pushFirstSource } from './first-push.ts';
import { activityText } from './live-log.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local-cloud.ts';
import type { Pipeline } from './pipeline.ts';
import { recordLocalConfig } from './record-config.ts';
import { announceReady, claimStateDir, type Ready, releaseStateDir } from './running.ts';
import { makeStateDir } from './state-dir.ts';
import type { UpOutput } from './up-output.ts';
import { CHANNEL } from './workspace.ts';

export interface UpOptions {
  stateDir: string;
  portBase: number;
  pipeline: Pipeline;
  push: boolean;
  empty: boolean;
  iam: boolean;
  /** Makes what runs the VM; process mode where it is undefined. */
  vmHost: LocalCloudOptions['vmHost'];
  output: UpOutput;
}

const FALLBACK_WIDTH = 100;

/**
 * Runs the local cloud until a signal ends it, and shows what happens. Resolves when it has ended. A parent that started it
 * in the background is sent `ready`.
 */
export async function runCloud(options: UpOptions): Promise<void> {
  const { stateDir, portBase, pipeline, push, empty, iam, vmHost, output } = options;
  makeStateDir(stateDir);
  await claimStateDir(stateDir);
  try {
    const ended = untilSignal();
    const [bundles, script] = await Promise.all([functionsFolder(), startupScript()]);
    const { config } = pipeline;
    await using cloud = await startLocalCloud({
      stateDir,
      portBase,
      config,
      functionsDir: bundles,
      startupScript: script,
      empty,
      iam,
      ...(vmHost && { vmHost }),
    });
    const env = cloud.env();
    // Without a deployment, and where every call needs a token, nothing is recorded.
    if (!empty && !iam) await recordLocalConfig(env, config);
    await using dashboard = await startLocalDashboard(
      { env, pipeline: pipeline.root, portBase },
      console.warn,
    );
    const ready: Ready = {
      endpoints: cloud.endpoints,
      env,
      pipeline: pipeline.root,
      empty,
      iam,
      vm: vmHost ? 'nspawn' : 'process',
      ...(dashboard && { dashboard: dashboard.url }),
    };
    announceReady(stateDir, ready);
    output.running({ pid: process.pid, ready }, pipeline.because);
    showActivity(cloud, output);
    process.send?.('ready');
    if (push) await pushFirstSource(ready, output);
    await ended;
    output.line('Ending the VM, the functions and the services. The state stays.');
  } finally {
    releaseStateDir(stateDir);
  }
}

function showActivity(cloud: LocalCloud, output: UpOutput): void {
  const colour = output.lines.isTTY === true && !process.env.NO_COLOR;
  cloud.onActivity((activity) => {
    const width = output.lines.columns ?? FALLBACK_WIDTH;
    const text = activityText(activity, cloud.clock.now(), { colour, width, channel: CHANNEL });
    if (text !== undefined) output.line(text);
  });
}

/** Ctrl-C reaches this process from the terminal and from the command that started it: that is one wish, not two. */
const SAME_WISH_MS = 1000;

/**
 * Resolves at the first signal that asks to end, or when nobody is there any more to read what happens (`up | head`). A later signal
 * ends the process without ceremony.
 */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt = Number.POSITIVE_INFINITY;
    const onSignal = () => {
      if (performance.now() > askedAt + SAME_WISH_MS) process.exit(130);
      askedAt = Math.min(askedAt, performance.now());
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => resolve());
  });
}
