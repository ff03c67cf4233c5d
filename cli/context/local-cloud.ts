import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../../shared/parse-json.ts';
import { EXIT } from '../exit/codes.ts';
import type { Host } from './host.ts';
import { siblingProgram } from './program-root.ts';
import { upward } from './repository.ts';

/** What a running local cloud writes at the top of the pipeline's folder. */
const RECORD = path.join('.vicinity-local', 'running.json');
/** Where one of these is set, the shell says what to use. */
const CHOSEN = ['STORAGE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST', 'VICINITY_COMPUTE_ENDPOINT'];
/** Commands that use no cloud, or choose one by themselves. */
const WITHOUT_CLOUD = new Set(['local', 'init', 'check', 'completion', 'help']);
const DEADLINE_MS = 20_000;

const execute = promisify(execFile);
const variables = z.record(z.string(), z.string());

/**
 * Points this process to the local cloud that runs for the folder, as `eval "$(vicinity local env)"` points a shell, and says so.
 * Does nothing where the environment names an endpoint or VICINITY_LOCAL is `off`.
 */
export async function useLocalCloud(args: readonly string[], host: Host): Promise<void> {
  const { env, cwd, stderr } = host;
  const [command = ''] = args;
  const isOff = env.VICINITY_LOCAL === 'off' || CHOSEN.some((name) => env[name]);
  if (isOff || command === '' || command.startsWith('-') || WITHOUT_CLOUD.has(command)) return;
  if (!upward(cwd).some((folder) => existsSync(path.join(folder, RECORD)))) return;
  const found = await environmentOf(host);
  if (!found) return;
  Object.assign(env, found);
  stderr.write('Using the local cloud of this folder. Set VICINITY_LOCAL=off to use Google Cloud.\n');
}

/** The variables of the running local cloud; undefined where it is not running, or still starting. */
async function environmentOf({ cwd }: Host): Promise<Record<string, string> | undefined> {
  const args = [siblingProgram('sandbox'), 'env', '--json'];
  try {
    const { stdout } = await execute(process.execPath, args, { cwd, timeout: DEADLINE_MS });
    return variables.parse(parseJson(stdout));
  } catch (error) {
    if ((error as { code?: unknown }).code === EXIT.notFound) return undefined;
    throw error;
  }
}
