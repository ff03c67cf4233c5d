import { resolve } from 'node:path';
import { configDifferences } from '../shared/config/deployed.ts';
import { startInBackground } from './detach.ts';
import { down } from './down.ts';
import { pushFirstSource } from './first-push.ts';
import { nspawnMode } from './nspawn.ts';
import { examplePipeline } from './package-parts.ts';
import { findPipeline, type Pipeline } from './pipeline.ts';
import { readLocalConfig } from './record-config.ts';
import { AlreadyRunningError, findRunning } from './running.ts';
import { newStateDir, stateFlag } from './state-dir.ts';
import { UpOutput } from './up-output.ts';
import type { VmMode } from './vm-mode.ts';

export interface UpFlags {
  detach?: boolean;
  state?: string;
  portBase: number;
  config?: string;
  vm: VmMode;
  push: boolean;
  empty?: boolean;
  iam?: boolean;
  json?: boolean;
}

/** `up`, in the foreground or, as `program` started once more, in the background. Where one is running already, it says so. */
export async function up(flags: UpFlags, program: string): Promise<void> {
  const cwd = process.cwd();
  const output = new UpOutput(flags.json, stateFlag(flags.state));
  const stateDir = flags.state ? resolve(flags.state) : newStateDir(cwd);
  const pipeline = findPipeline({ cwd, configFile: flags.config, example: examplePipeline() });
  // In the foreground in any case: building the image takes a while, and shows how far it is.
  const vmHost = flags.vm === 'nspawn' ? await nspawnMode({ progress: console.error }) : undefined;
  await endStale(stateDir, pipeline, output);
  try {
    if (flags.detach) return await inBackground(flags, stateDir, pipeline.because, program, output);
    const { runCloud } = await import('./up.ts');
    await runCloud({ ...projectOf(flags), stateDir, portBase: flags.portBase, pipeline, vmHost, output });
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) throw error;
    output.alreadyRunning(error);
  }
}

/** Ends a cloud that was started with another version of the configuration, so that the next one loads it. The state stays. */
async function endStale(stateDir: string, pipeline: Pipeline, output: UpOutput): Promise<void> {
  const running = await findRunning(stateDir);
  if (running?.ready?.pipeline !== pipeline.root) return;
  const served = await readLocalConfig(running.ready.env, pipeline.config.instance);
  const differences = served ? configDifferences(served, pipeline.config) : [];
  if (differences.length === 0) return;
  const changed = differences.map((each) => each.path).join(', ');
  output.line(
    `The configuration has changed (${changed}). The local cloud (pid ${running.pid}) restarts with it.`,
  );
  await down(stateDir);
}

/** Permissions come with the project that `vicinity deploy` makes: it starts empty, without a bucket to push to. */
function projectOf({ empty = false, iam = false, push }: UpFlags) {
  return { empty: empty || iam, iam, push: push && !empty && !iam };
}

async function inBackground(
  flags: UpFlags,
  stateDir: string,
  because: string,
  program: string,
  output: UpOutput,
): Promise<void> {
  const running = await findRunning(stateDir);
  if (running) throw new AlreadyRunningError(running);
  const config = flags.config ? ['--config', resolve(flags.config)] : [];
  const { empty, iam, push } = projectOf(flags);
  const kind = ['--vm', flags.vm, ...(empty ? ['--empty'] : []), ...(iam ? ['--iam'] : [])];
  const place = ['--state', stateDir, '--port-base', String(flags.portBase)];
  const args = ['up', ...place, '--no-push', ...kind, ...config];
  await startInBackground(program, args, stateDir);
  const started = await findRunning(stateDir);
  if (!started?.ready)
    throw new Error(`The local cloud ended at once. ${stateDir}/logs/local.log tells why.`);
  output.running(started, because);
  if (push) await pushFirstSource(started.ready, output);
}
