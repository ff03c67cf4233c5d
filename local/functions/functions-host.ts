import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notFound } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { createService, type ServiceContext } from '../http/service.ts';
import { FUNCTIONS, type FunctionSpec } from './catalogue.ts';
import { FunctionLog } from './function-log.ts';
import { startFunctionProcess } from './function-process.ts';
import { type FunctionState, LocalFunction } from './local-function.ts';

export interface FunctionsHostOptions {
  /** Holds a folder per function with its bundle, index.cjs. */
  functionsDir: string;
  logDir: string;
  /** The whole environment of a function, asked at every cold start. */
  environment: () => Promise<Record<string, string>>;
  framework: string;
  preload: string;
  context: ServiceContext;
  functions?: FunctionSpec[];
  onEvent?: (event: FunctionEvent) => void;
}

/** An event that a function has answered. */
export interface FunctionEvent {
  function: string;
  messageId: string;
  status: number;
  /** Real time, a cold start included. */
  milliseconds: number;
  /** The first line of what it says where it failed. */
  problem?: string;
}

export interface FunctionsHost {
  server: Server;
  states(): FunctionState[];
  /** The function of that name. Throws 404. */
  get(name: string): LocalFunction;
  /** The service account that the function runs as; undefined where it has none of its own. */
  accountOf(name: string): string | undefined;
  /** Told of each call that a service of the local cloud has answered, and of the function that made it, for `crashAfter`. */
  countCall(caller: string | undefined): void;
  /** Ends every function's process. */
  close(): Promise<void>;
}

/** Takes the pushes of Pub/Sub at `/<function>/projects/P/topics/T` and hands each to its function. */
export function createFunctionsHost(options: FunctionsHostOptions): FunctionsHost {
  const { functionsDir, logDir, environment, framework, preload, context, functions = FUNCTIONS } = options;
  const socketDir = makeSocketDir(logDir);
  const logs = functions.map(({ name }) => new FunctionLog(logDir, name));
  const hosted = new Map(functions.map((spec, index) => [spec.name, host(spec, logs[index])]));
  const push = route('POST', '/:function/projects/:project/topics/:topic', 'functions.call', receive);
  const server = createService('functions', [push], context);

  return {
    server,
    get,
    accountOf: () => undefined,
    states: () => [...hosted.values()].map(({ state }) => state),
    countCall: (caller) => hosted.get(caller ?? '')?.countCall(),
    async close() {
      await Promise.all([...hosted.values()].map((each) => each.close()));
      await Promise.all(logs.map((log) => log.close()));
      rmSync(socketDir, { recursive: true, force: true });
    },
  };

  function host(spec: FunctionSpec, log: FunctionLog | undefined): LocalFunction {
    const { name } = spec;
    if (!log) throw new Error(`The function ${name} has no log.`);
    const source = join(functionsDir, name, 'index.cjs');
    let starts = 0;
    const start = async () => {
      starts += 1;
      const socket = join(socketDir, `${name}-${starts}.sock`);
      return startFunctionProcess({
        spec,
        source,
        framework,
        preload,
        socket,
        env: await environment(),
        log,
      });
    };
    return new LocalFunction({ name, clock: context.clock, start });
  }

  function get(name: string): LocalFunction {
    const found = hosted.get(name);
    if (found) return found;
    throw notFound(`There is no function ${name}. There are: ${[...hosted.keys()].join(', ')}.`);
  }

  async function receive(call: Call): Promise<Reply> {
    const name = call.param('function');
    const began = performance.now();
    const body = await call.body();
    const path = call.url.pathname.slice(name.length + 1);
    const reply = await get(name).handle({ path, headers: call.request.headers, body });
    const { status = 200 } = reply;
    options.onEvent?.({
      function: name,
      messageId: messageIdOf(body),
      status,
      milliseconds: Math.round(performance.now() - began),
      ...(status >= 400 && { problem: String(reply.body ?? '').split('\n', 1)[0] ?? '' }),
    });
    return reply;
  }
}

/**
 * A folder that only this user can open, empty whatever an earlier host left in it. It is not in the state directory: the path
 * of a Unix socket is limited to about 100 bytes.
 */
function makeSocketDir(logDir: string): string {
  const id = createHash('sha256').update(logDir).digest('hex').slice(0, 12);
  const directory = join(tmpdir(), `vicinity-functions-${id}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

/** Empty where the body is no push of Pub/Sub. */
function messageIdOf(body: Buffer): string {
  return /"messageId"\s*:\s*"([^"]*)"/.exec(body.toString('utf8'))?.[1] ?? '';
}
