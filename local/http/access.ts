import type { IncomingHttpHeaders } from 'node:http';

/** By this header the functions host tells the calls of its functions from everybody else's. */
const CALLER_HEADER = 'x-local-function';

/** What a permission is asked for on, as IAM sees it (https://cloud.google.com/iam/docs/full-resource-names). */
export interface Resource {
  /** Without the service: `projects/_/buckets/b/objects/o`. Conditions compare it. */
  name: string;
  /** Such as `storage.googleapis.com/Object`. */
  type: string;
  /** Full names of those whose policies count for it, the nearest first: `//storage.googleapis.com/projects/_/buckets/b`. */
  policies: string[];
  /** What conditions read by `api.getAttribute`, such as `storage.googleapis.com/objectListPrefix`. */
  attributes?: Record<string, string>;
}

/** What a request tells of who makes it. */
export interface Caller {
  authorization?: string | undefined;
  /** The local function that made it: with an emulator variable, client libraries send no token. */
  function?: string | undefined;
}

export interface Guard {
  holds(caller: Caller, permission: string, resource: Resource): boolean;
  /** Refuses what the caller may not do: 401 or 403, in the words of the service. */
  require(caller: Caller, permission: string, resource: Resource): void;
}

export type Needs = [permission: string, resource: Resource][];

export function callerOf(headers: IncomingHttpHeaders): Caller {
  const local = headers[CALLER_HEADER];
  return { authorization: headers.authorization, function: typeof local === 'string' ? local : undefined };
}
