import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CloudClock } from '../core/clock.ts';
import type { FaultInjection, Faults } from '../core/faults.ts';
import { callerOf, type Guard } from './access.ts';
import type { AccessTable } from './access-table.ts';
import { ApiError, notImplemented } from './api-error.ts';
import { Call, type Reply } from './call.ts';
import { matchRoute, type Route, requestUrl } from './router.ts';

/** What every service of the local cloud shares. */
export interface ServiceContext {
  clock: CloudClock;
  faults: Faults;
  /** Present where permissions are enforced. */
  guard?: Guard;
  /** Told of every call, for the counters and the request log. `caller` is the function that made it, if one did. */
  onCall(operation: string, status: number, caller?: string): void;
}

/** By an address, or by a name that no site can have: without a dot, or below a domain of this computer's or of Google's. */
const OWN_HOST =
  /^([\d.]+|\[[\da-f:]+\]|[\w-]+|([\w-]+\.)+(localhost|google\.internal|googleapis\.com))\.?(:\d+)?$/i;
/** Of the pages that this computer serves, the dashboard among them. */
const OWN_ORIGIN = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/;
/**
 * As long as Google's front ends keep a connection that idles, so that no call meets its end
 * (https://cloud.google.com/load-balancing/docs/https#timeout-keepalive-client).
 */
const IDLE_MS = 610_000;
const WIRE_FAULTS = ['error', 'error-after', 'delay', 'drop', 'drop-before', 'cut'];

/**
 * Serves `routes` over HTTP on 127.0.0.1, with faults on demand; what is not among them answers 501 with its name. With an
 * `access` table, and where permissions are enforced, so does an operation that is not in it.
 */
export function createService(
  name: string,
  routes: Route[],
  context: ServiceContext,
  access?: AccessTable,
): Server {
  const service = { name, routes, context, access };
  return createServer({ keepAliveTimeout: IDLE_MS }, (request, response) => {
    serve(service, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
}

/** Listens on 127.0.0.1; `port` 0 takes a free one. Returns the port. */
export function listen(server: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

interface Service {
  name: string;
  routes: Route[];
  context: ServiceContext;
  access: AccessTable | undefined;
}

async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { name, routes, context } = service;
  const url = requestUrl(request);
  const match = matchRoute(routes, request.method ?? 'GET', url);
  const operation = match?.route.operation ?? `${name}.unknown`;
  const fault = context.faults.strike(operation, url.href, WIRE_FAULTS);
  if (fault?.kind === 'drop-before') return void request.socket.destroy();
  if (fault?.kind === 'delay') await context.clock.sleep(fault.delayMs ?? 1000);
  const reply = await answer();
  if (fault?.kind === 'drop') {
    discard(reply);
    return void request.socket.destroy();
  }
  if (reply && fault?.kind === 'cut') await sendPart(response, reply, fault.afterBytes ?? 0);
  else if (reply) await send(request, response, reply);
  context.onCall(operation, response.statusCode, callerOf(request.headers).function);

  async function answer(): Promise<Reply | undefined> {
    if (fault?.kind === 'error') return faultReply(fault);
    try {
      refuseForeignPage(request);
      if (!match) throw notImplemented(`${request.method} ${url.pathname} (${name})`);
      const call = new Call(request, response, url, match.params, context.guard);
      authorize(service, operation, call);
      const reply = await match.route.handler(call);
      if (fault?.kind !== 'error-after') return reply;
      discard(reply);
      return faultReply(fault);
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error);
      // The client has gone in the middle of its request: there is nobody to answer.
      if (request.destroyed && !request.complete) return undefined;
      console.error(error);
      return errorReply(new ApiError(500, 'internalError', `The local cloud failed: ${String(error)}`));
    }
  }
}

/**
 * A browser sends the requests of any site's page to 127.0.0.1, with the site as their origin: a message and a package from there would
 * run the site's code here. A foreign host is a name that a site has pointed to 127.0.0.1 (DNS rebinding), so that its page may read.
 */
function refuseForeignPage({ headers: { host, origin } }: IncomingMessage): void {
  if (host !== undefined && !OWN_HOST.test(host))
    throw new ApiError(403, 'forbidden', `The local cloud is not ${host}.`);
  if (origin !== undefined && !OWN_ORIGIN.test(origin))
    throw new ApiError(403, 'forbidden', `A page of ${origin} may not use the local cloud.`);
}

function authorize({ access, context }: Service, operation: string, call: Call): void {
  if (!context.guard || !access) return;
  const needs = access[operation];
  if (!needs) throw notImplemented(`the permissions of ${operation}`);
  for (const [permission, resource] of needs(call)) call.require(permission, resource);
}

/** Lets go of what a reply that is not sent would have read. */
function discard(reply: Reply | undefined): void {
  if (reply?.body instanceof Readable) reply.body.destroy();
}

function faultReply({ status = 503, reason = 'backendError', headers = {}, text }: FaultInjection): Reply {
  if (text !== undefined) return { status, headers, body: text };
  const error = new ApiError(status, reason, `A fault on demand answers ${status} here.`);
  return { ...errorReply(error), headers };
}

function errorReply(error: ApiError): Reply {
  return { status: error.status, body: error.body() };
}

/** Headers that promise the whole body, its first bytes, and the end of the connection. */
async function sendPart(
  response: ServerResponse,
  { status = 200, headers = {}, body = '' }: Reply,
  bytes: number,
): Promise<void> {
  response.writeHead(status, headers);
  const source = body instanceof Readable ? body : Readable.from([Buffer.from(bytesOf(body))]);
  let left = bytes;
  for await (const chunk of source) {
    const part = (chunk as Buffer).subarray(0, left);
    await new Promise((resolve) => response.write(part, resolve));
    left -= part.length;
    if (left === 0) break;
  }
  response.destroy();
}

function bytesOf(body: object | string | Buffer): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

async function send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  const { status = 200, headers = {}, body } = reply;
  // An unread body would keep the connection from being reused.
  request.resume();
  if (body instanceof Readable) {
    response.writeHead(status, headers);
    if (request.method !== 'HEAD') return pipeline(body, response);
    body.destroy();
    return void response.end();
  }
  const isJson = body !== undefined && typeof body === 'object' && !Buffer.isBuffer(body);
  const bytes = bytesOf(body ?? '');
  response.writeHead(status, {
    ...(isJson && { 'content-type': 'application/json; charset=UTF-8' }),
    'content-length': String(Buffer.byteLength(bytes)),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
