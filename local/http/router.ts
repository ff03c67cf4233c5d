import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call, Reply } from './call.ts';

/** A handler returns its reply, or nothing where it has answered on `call.response` itself. */
export type Handler = (call: Call) => Promise<Reply | undefined> | Reply | undefined;

export interface Route {
  method: string;
  /** The operation's published name, such as `storage.objects.get`: faults, counters and 501s use it. */
  operation: string;
  pattern: URLPattern;
  handler: Handler;
}

/**
 * Declares a route. `path` is a URLPattern pathname: `/b/:bucket/o/:object`; a colon of a custom verb is escaped
 * (`/v1/projects/:project/topics/:topic\\:publish`). An encoded slash (`%2F`) stays within its parameter.
 */
export function route(method: string, path: string, operation: string, handler: Handler): Route {
  return { method, operation, pattern: new URLPattern({ pathname: path }), handler };
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** The first route that fits the request. HEAD is served by GET's route. */
export function matchRoute(routes: Route[], method: string, url: URL): Match | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  for (const candidate of routes) {
    if (candidate.method !== wanted) continue;
    const groups = candidate.pattern.exec({ pathname: url.pathname })?.pathname.groups;
    if (groups) return { route: candidate, params: decodeAll(groups) };
  }
  return undefined;
}

/** The request's URL, whether its target is a path or, as through `http_proxy`, a whole URL. */
export function requestUrl(request: IncomingMessage): URL {
  const target = request.url ?? '/';
  // Not relative to a base: a path that begins with two slashes would be taken for a host.
  return new URL(URL.canParse(target) ? target : `http://localhost${target}`);
}

export type RawHandler = (request: IncomingMessage, response: ServerResponse) => void;

function decodeAll(groups: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(groups).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, decode(value)]));
}

/** What is not percent-encoded as it should be stays as it is: nothing has that name. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
