import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { SERVICES } from '../local/ports.ts';
import { pointedHere } from './client-environment.ts';
import { vicinityCommand } from './package-parts.ts';

/** Its client libraries take a moment to load. */
const READY_DEADLINE_MS = 20_000;

export interface LocalDashboard extends AsyncDisposable {
  url: string;
}

export interface LocalDashboardOptions {
  /** The variables that point a client to the local cloud. */
  env: Record<string, string>;
  /** Folder of the pipeline, whose vicinity.yaml it reads. */
  pipeline: string;
  portBase: number;
}

/**
 * Runs `vicinity dashboard` on the port after the services', as anybody's client of them. It needs no key, since the local cloud has
 * no secrets. Undefined, with a warning, where it does not start: the cloud is of use without it.
 */
export async function startLocalDashboard(
  { env, pipeline, portBase }: LocalDashboardOptions,
  warn: (text: string) => void,
): Promise<LocalDashboard | undefined> {
  const command = vicinityCommand();
  if (!command) return undefined;
  const port = portBase === 0 ? 0 : portBase + SERVICES.length;
  const child = spawn(
    process.execPath,
    [command, 'dashboard', '--json', '--no-key', '--port', String(port)],
    {
      cwd: pipeline,
      env: { ...process.env, ...pointedHere(env, process.env) },
      // By the channel it notices that this process is gone, however that came.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const said = collect(child);
  const url = await Promise.race([urlOf(child), once(child, 'exit').then(() => undefined)]);
  if (url) return { url, [Symbol.asyncDispose]: () => end(child) };
  await end(child);
  warn(`The dashboard was not started. ${said().trim()}`);
  return undefined;
}

/** The address that it prints; undefined where it takes too long. */
async function urlOf({ stdout }: ChildProcess): Promise<string | undefined> {
  if (!stdout) return undefined;
  const deadline = AbortSignal.timeout(READY_DEADLINE_MS);
  let text = '';
  for await (const line of createInterface({ input: stdout, signal: deadline })) {
    text += line;
    const [, url] = /"url": "([^"]+)"/.exec(text) ?? [];
    if (url) return url;
  }
  return undefined;
}

/** What it says on stderr, which must be read so that it is not held up. */
function collect({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(-2000);
  });
  return () => text;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
