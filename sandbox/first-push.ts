import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pointedHere } from './client-environment.ts';
import { vicinityCommand } from './package-parts.ts';
import type { Ready } from './running.ts';
import type { UpOutput } from './up-output.ts';

const DEADLINE_MS = 120_000;

/**
 * Pushes the pipeline's source where the bucket has none yet, so that a run can be asked for at once. What goes wrong is a
 * warning: the cloud is of use without it.
 */
export async function pushFirstSource({ env, pipeline }: Ready, { lines }: UpOutput): Promise<void> {
  if (await hasSource(env)) return;
  const command = vicinityCommand();
  const failure = command
    ? await push(command, env, pipeline, lines.fd)
    : 'the vicinity command is not there';
  if (failure)
    console.warn(
      `The source of ${pipeline} was not pushed: ${failure}. A run needs it; push it there with: vicinity push`,
    );
}

async function hasSource(env: Record<string, string>): Promise<boolean> {
  const name = encodeURIComponent('src/latest.json');
  const url = `${env.STORAGE_EMULATOR_HOST}/storage/v1/b/${env.VICINITY_BUCKET}/o/${name}`;
  return (await fetch(url)).ok;
}

/** What went wrong, or nothing. */
async function push(
  command: string,
  env: Record<string, string>,
  cwd: string,
  stdout: number,
): Promise<string | undefined> {
  const child = spawn(process.execPath, [command, 'push'], {
    cwd,
    env: { ...process.env, ...pointedHere(env, process.env) },
    stdio: ['ignore', stdout, 'inherit'],
    timeout: DEADLINE_MS,
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (code === 0) return undefined;
  return signal ? `it took longer than ${DEADLINE_MS / 1000} s` : `exit status ${code}`;
}
