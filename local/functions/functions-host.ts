import type { Server } from 'node:http';
import { callerOf } from '../http/access.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { createService, type ServiceContext } from '../http/service.ts';
import { FunctionLog } from './function-log.ts';
import { startFunctionProcess } from './function-process.ts';
import { type FunctionState, LocalFunction } from './local-function.ts';
import type { Revision } from './revision.ts';
import { makeSocketDir, removeSocketDir } from './socket-dir.ts';

export interface FunctionsHostOptions {
  /** Served from the start. */
  revisions: Revision[];
  logDir: string;
  /** Module that is loaded before a function's program. */
  preload: string;
  context: ServiceContext;
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
  /** Serves a revision in place of the one before it, once an instance of it has started. Throws what that says where it does not start. */
  deploy(revision: Revision): Promise<void>;
  /** The same, without an instance until the first call. */
  serve(revision: Revision): void;
  remove(name: string): void;
  /** The service account that the function runs as; undefined where it has none of its own. */
  accountOf(name: string): string | undefined;
  /** Told of each call that a service of the local cloud has answered, and of the function that made it, for `crashAfter`. */
  countCall(caller: string | undefined): void;
  /** Ends every function's process. */
  close(): Promise<void>;
}

interface Hosted {
  revision: Revision;
  local: LocalFunction;
}

/** Takes calls of a function at `/<function>` and below, such as Pub/Sub's pushes, and hands each to its function. */
export function createFunctionsHost(options: FunctionsHostOptions): FunctionsHost {
  const { revisions, logDir, preload, context } = options;
  const socketDir = makeSocketDir(logDir);
  const logs = new Map<string, FunctionLog>();
  const hosted = new Map(revisions.map((revision) => [revision.name, host(revision)]));
  const closing = new Set<Promise<void>>();
  let starts = 0;
  const routes = ['/:function', '/:function/*'].map((path) => route('POST', path, 'functions.call', receive));
  const server = createService('functions', routes, context);

  return {
    server,
    get: (name) => find(name).local,
    states: () => [...hosted.values()].map(({ local }) => local.state),
    accountOf: (name) => hosted.get(name)?.revision.deployed?.account,
    countCall: (caller) => hosted.get(caller ?? '')?.local.countCall(),
    async deploy(revision) {
      const { name } = revision;
      const next = host(revision);
      await revision.deployed?.refresh();
      await next.local.start();
      retire(hosted.get(name));
      hosted.set(name, next);
    },
    serve(revision) {
      hosted.set(revision.name, host(revision));
    },
    remove(name) {
      retire(hosted.get(name));
      hosted.delete(name);
    },
    async close() {
      await Promise.all([...hosted.values()].map(({ local }) => local.close()));
      await Promise.all(closing);
      await Promise.all([...logs.values()].map((log) => log.close()));
      removeSocketDir(socketDir);
    },
  };

  function host(revision: Revision): Hosted {
    const { name, deployed } = revision;
    const log = logs.get(name) ?? new FunctionLog(logDir, name);
    logs.set(name, log);
    const start = async () => {
      starts += 1;
      const env = await revision.environment();
      return startFunctionProcess({ revision, preload, env, log, socketDir, number: starts });
    };
    const timeoutMs = deployed?.timeoutMs;
    const options = { name, clock: context.clock, start, ...(timeoutMs !== undefined && { timeoutMs }) };
    return { revision, local: new LocalFunction(options) };
  }

  /** A revision that has been replaced answers what it is doing, and ends. */
  function retire(former: Hosted | undefined): void {
    const ended = former?.local.retire();
    if (ended) closing.add(ended.finally(() => closing.delete(ended)));
  }

  function find(name: string): Hosted {
    const found = hosted.get(name);
    if (found) return found;
    throw notFound(`There is no function ${name}. There are: ${[...hosted.keys()].join(', ')}.`);
  }

  async function receive(call: Call): Promise<Reply> {
    const name = call.param('function');
    const { revision, local } = find(name);
    const began = performance.now();
    const body = await call.body();
    const reply = await admitted(revision, call, async () => {
      await revision.deployed?.refresh();
      const path = call.url.pathname.slice(name.length + 1) || '/';
      return local.handle({ path, headers: call.request.headers, body });
    });
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

/** The function's answer, or the refusal, which is text: Cloud Run's own is a page. */
async function admitted({ deployed }: Revision, call: Call, handle: () => Promise<Reply>): Promise<Reply> {
  try {
    deployed?.admit(callerOf(call.request.headers));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: error.message };
  }
  return handle();
}

/** Empty where the body is no push of Pub/Sub. */
function messageIdOf(body: Buffer): string {
  return /"messageId"\s*:\s*"([^"]*)"/.exec(body.toString('utf8'))?.[1] ?? '';
}
