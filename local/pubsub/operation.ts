import type { Resource } from '../http/access.ts';
import { invalid } from '../http/api-error.ts';
import type { Page } from '../http/paging.ts';
import type { State } from './state.ts';

/** Who calls. */
export interface Client {
  /** Aborted when the client is gone. */
  signal: AbortSignal;
  /** Whether the client has a permission. */
  holds(permission: string, resource: Resource): boolean;
}

/** One call that both wires serve; request and response are the messages of pubsub.proto in their JSON form. */
export interface Operation {
  /** As in Google's API discovery: faults and counters use it. */
  name: string;
  /** Such as `Publisher.CreateTopic`. */
  rpc: string;
  method: string;
  /** URLPattern pathname; its groups are fields of the request. */
  path: string;
  /** The field of the request whose `name` is in the path. */
  nameOf?: string;
  run(state: State, request: object, client: Client): Promise<object>;
}

const PREFIX = 'pubsub.projects.';

/** `topics.create` */
export function shortName({ name }: Operation): string {
  return name.slice(PREFIX.length);
}

/** Names in paths, as URLPattern's groups take them. */
export const TOPIC = String.raw`(projects\/[^\/]+\/topics\/[^\/:]+)`;
export const SUBSCRIPTION = String.raw`(projects\/[^\/]+\/subscriptions\/[^\/:]+)`;
export const PROJECT = String.raw`(projects\/[^\/]+)`;

export interface Listing {
  pageSize?: number;
  pageToken?: string;
}

/**
 * `R` is what the wire has made of the client's request: its fields are checked where they are used.
 * Where `run` returns nothing, the response is the empty message.
 */
export function unary<R extends object>(
  name: string,
  rpc: string,
  method: string,
  path: string,
  run: (state: State, request: R, client: Client) => unknown,
): Operation {
  return {
    name: `${PREFIX}${name}`,
    rpc,
    method,
    path: `/v1/${path}`,
    run: async (state, request, client) => ((await run(state, request as R, client)) ?? {}) as object,
  };
}

export function listing<T>(field: string, { items, nextPageToken }: Page<T>): object {
  return { [field]: items, ...(nextPageToken && { nextPageToken }) };
}

export function required<T>(value: T | undefined, field: string): T {
  if (value === undefined || value === '') throw invalid(`The request lacks ${field}.`);
  return value;
}
