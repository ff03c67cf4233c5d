import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { noteUse } from './cache.ts';

export interface PackageProxyOptions {
  /** Host names that machines may reach; no others. */
  allowed: Set<string>;
  /** Keeps Debian's packages for all machines. */
  cacheDirectory: string;
  /** How a person allows a host, as a sentence. */
  howToAllow(host: string): string;
  /** Called with each host that was requested and is not allowed. */
  onRefused(host: string): void;
}

const HTTPS_PORT = 443;
const UPSTREAM_DEADLINE_MS = 60_000;

/**
 * An HTTP proxy by which machines without a network fetch packages: GET and HEAD of http, and tunnels for https, to the
 * allowed hosts alone. What never changes under its name is kept.
 */
export function createPackageProxy(options: PackageProxyOptions): Server {
  const server = createServer((incoming, response) => {
    forward(incoming, response, options).catch((error: unknown) => fail(response, error));
  });
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => tunnel(incoming, socket, options));
  return server;
}

async function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  { allowed, cacheDirectory, howToAllow, onRefused }: PackageProxyOptions,
): Promise<void> {
  const url = URL.parse(incoming.url ?? '');
  if (url?.protocol !== 'http:' || !['GET', 'HEAD'].includes(incoming.method ?? ''))
    return answer(response, 400, 'This proxy forwards GET and HEAD of http, and CONNECT.');
  if (!allowed.has(url.hostname)) {
    onRefused(url.hostname);
    return answer(response, 403, refusal(url.hostname, howToAllow));
  }
  if (incoming.method === 'GET' && neverChanges(url)) return fromCache(url, response, cacheDirectory);
  const upstream = await ask(url, incoming.method ?? 'GET', conditions(incoming));
  response.writeHead(upstream.statusCode ?? 502, upstream.headers);
  await pipeline(upstream, response);
}

/** Debian's packages have their version in their name; indexes by hash are named by what they hold. */
function neverChanges({ pathname }: URL): boolean {
  return pathname.endsWith('.deb') || pathname.includes('/by-hash/');
}

async function fromCache(url: URL, response: ServerResponse, directory: string): Promise<void> {
  const file = join(directory, createHash('sha256').update(url.href).digest('hex'));
  let size = await sizeOf(file);
  if (size === undefined) {
    const upstream = await ask(url, 'GET', {});
    if (upstream.statusCode !== 200) {
      response.writeHead(upstream.statusCode ?? 502, upstream.headers);
      return pipeline(upstream, response);
    }
    await keep(upstream, file, directory);
    size = await sizeOf(file);
  }
  await noteUse(file);
  response.writeHead(200, { 'content-length': String(size) });
  await pipeline(createReadStream(file), response);
}

/** The file appears whole or not at all: a transfer that breaks off throws. */
async function keep(upstream: IncomingMessage, file: string, directory: string): Promise<void> {
  const partial = `${file}.${randomUUID()}`;
  await mkdir(directory, { recursive: true });
  try {
    await pipeline(upstream, createWriteStream(partial));
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found?.size;
}

function ask(url: URL, method: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, timeout: UPSTREAM_DEADLINE_MS }, resolve);
    asked.once('timeout', () => asked.destroy(new Error(`${url.hostname} does not answer`)));
    asked.once('error', reject);
    asked.end();
  });
}

function conditions({ headers }: IncomingMessage): Record<string, string> {
  const names = ['range', 'if-range', 'if-modified-since', 'user-agent', 'accept'];
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  );
}

function tunnel(
  incoming: IncomingMessage,
  socket: Socket,
  { allowed, howToAllow, onRefused }: PackageProxyOptions,
): void {
  socket.on('error', () => socket.destroy());
  const [host = '', port] = (incoming.url ?? '').split(':');
  if (!allowed.has(host) || Number(port) !== HTTPS_PORT) {
    onRefused(host);
    return void socket.end(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\n\r\n${refusal(host, howToAllow)}\n`,
    );
  }
  const upstream = connect(HTTPS_PORT, host);
  upstream.setTimeout(UPSTREAM_DEADLINE_MS, () => upstream.destroy());
  upstream.once('connect', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
  upstream.on('close', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}

function refusal(host: string, howToAllow: PackageProxyOptions['howToAllow']): string {
  return `The VM may not reach ${host}. ${howToAllow(host)}`;
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  answer(response, 502, String(error));
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
}
