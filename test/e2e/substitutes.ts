import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { subscriptions, topics } from '../../deploy/table/messaging.ts';
import type { Endpoints } from '../../local/endpoints.ts';
import { listen } from '../../local/http/service.ts';
import { subscriptionBody } from '../../sandbox/provision/bodies.ts';
import type { Config } from '../../shared/config/schema.ts';
import { topicName } from '../../shared/model/topics.ts';

const READY_DEADLINE_MS = 30_000;

/** Other people's programs in place of services of the local cloud. */
export interface Substitutes {
  endpoints: Partial<Endpoints>;
  /** Makes in them what the local cloud makes in its own. */
  furnish(config: Config, endpoints: Endpoints): Promise<void>;
  end(): Promise<void>;
}

interface Program {
  service: 'pubsub' | 'storage';
  url: string;
  process: ChildProcess;
  furnish(config: Config, endpoints: Endpoints): Promise<void>;
}

/**
 * VICINITY_TEST_PUBSUB=emulator takes Google's Pub/Sub emulator, VICINITY_TEST_STORAGE=fake-gcs-server that program. Both must be
 * installed (docs/reference/other-programs.md).
 */
export async function startSubstitutes(): Promise<Substitutes> {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-substitutes-'));
  const programs: Program[] = [];
  if (process.env.VICINITY_TEST_PUBSUB === 'emulator') programs.push(await startPubsubEmulator(directory));
  if (process.env.VICINITY_TEST_STORAGE === 'fake-gcs-server') programs.push(await startFakeGcs(directory));
  return {
    endpoints: Object.fromEntries(programs.map(({ service, url }) => [service, url])),
    async furnish(config, endpoints) {
      for (const program of programs) await program.furnish(config, endpoints);
    },
    async end() {
      await Promise.all(programs.map(({ process }) => endProcess(process)));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** https://cloud.google.com/pubsub/docs/emulator, a component of gcloud. */
async function startPubsubEmulator(directory: string): Promise<Program> {
  const port = await freePort();
  const program = join(sdkRoot(), 'platform', 'pubsub-emulator', 'bin', 'cloud-pubsub-emulator');
  const process = launch(program, ['--host=127.0.0.1', `--port=${port}`], directory);
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url, process);
  return {
    service: 'pubsub',
    url,
    process,
    furnish: (config, endpoints) => furnishPubsub(url, config, endpoints),
  };
}

async function furnishPubsub(url: string, config: Config, endpoints: Endpoints): Promise<void> {
  for (const { name } of topics()) await send('PUT', `${url}/v1/${topicName(config.project, name)}`, {});
  for (const resource of subscriptions(config)) {
    const { name, ...body } = subscriptionBody(resource, config, endpoints);
    await send('PUT', `${url}/v1/${name}`, body);
  }
}

/** https://github.com/fsouza/fake-gcs-server */
async function startFakeGcs(directory: string): Promise<Program> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    ...['-scheme=http', '-host=127.0.0.1', `-port=${port}`, '-backend=memory'],
    ...[`-external-url=${url}`, `-public-host=127.0.0.1:${port}`, '-log-level=error'],
  ];
  const process = launch('fake-gcs-server', args, directory);
  await untilAnswering(`${url}/storage/v1/b?project=x`, process);
  const furnish = ({ project, bucket }: Config) =>
    send('POST', `${url}/storage/v1/b?project=${project}`, { name: bucket });
  return { service: 'storage', url: await startPrefixer(url), process, furnish };
}

/** With STORAGE_EMULATOR_HOST, Google's client for Node leaves the API's prefix out of its paths, and fake-gcs-server wants it. */
async function startPrefixer(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const server = createHttpServer((incoming, answer) => {
    const path = incoming.url?.replace(/^\/b(?=[/?]|$)/, '/storage/v1/b') ?? '/';
    const { method, headers } = incoming;
    const outgoing = request({ hostname, port, path, method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.unref();
  return `http://127.0.0.1:${await listen(server, 0)}`;
}

/** In a process group of its own: the emulator is a script that starts Java. */
function launch(program: string, args: string[], cwd: string): ChildProcess {
  const log = openSync(join(cwd, 'output.log'), 'a');
  const child = spawn(program, args, { cwd, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  child.on('error', () => {});
  return child;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const exited = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await exited;
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  for (let wait = 50; Date.now() < deadline; wait = Math.min(wait * 1.5, 1000)) {
    if (child.pid === undefined || child.exitCode !== null)
      throw new Error(`${child.spawnfile} does not run: is it installed?`);
    try {
      return void (await fetch(url));
    } catch {
      await pause(wait);
    }
  }
  await endProcess(child);
  throw new Error(`${child.spawnfile} did not answer within ${READY_DEADLINE_MS / 1000} s.`);
}

async function send(method: string, url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** The folder of gcloud's installation. */
function sdkRoot(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      return dirname(dirname(realpathSync(join(folder, 'gcloud'))));
    } catch {
      // Not in this one.
    }
  }
  throw new Error('gcloud is not installed, so its Pub/Sub emulator is not either.');
}
