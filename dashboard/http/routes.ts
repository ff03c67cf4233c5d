import type { IncomingMessage } from 'node:http';
import type { Reply } from './reply.ts';

/** A request, as a handler sees it. */
export interface Ask {
  /** Part of the path by its name in the pattern. */
  param(name: string): string;
  query(name: string): string | undefined;
  /** The body as JSON; `{}` where there is none. */
  json(): Promise<unknown>;
}

export interface Route {
  method: 'GET' | 'POST';
  pattern: URLPattern;
  handler(ask: Ask): Promise<Reply> | Reply;
}

const MAX_BYTES = 64 * 1024;

export function route(method: Route['method'], pathname: string, handler: Route['handler']): Route {
  return { method, pattern: new URLPattern({ pathname }), handler };
}

/** What the route that fits answers; undefined where none does. */
export async function answer(
  routes: Route[],
  request: IncomingMessage,
  url: URL,
): Promise<Reply | undefined> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  for (const { pattern, handler, method: own } of routes) {
    const groups = own === method ? pattern.exec({ pathname: url.pathname })?.pathname.groups : undefined;
    if (groups) return handler(askOf(request, url, groups));
  }
  return undefined;
}

function askOf(request: IncomingMessage, url: URL, groups: Record<string, string | undefined>): Ask {
  return {
    param: (name) => decodeURIComponent(groups[name] ?? ''),
    query: (name) => url.searchParams.get(name) || undefined,
    async json() {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of request) {
        bytes += (chunk as Buffer).length;
        if (bytes > MAX_BYTES) throw new RangeError(`A body of more than ${MAX_BYTES} bytes.`);
        chunks.push(chunk as Buffer);
      }
      return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
    },
  };
}
