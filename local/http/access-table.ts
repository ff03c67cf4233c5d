import type { Needs, Resource } from './access.ts';
import type { Call } from './call.ts';

/** What each operation of a service needs, as far as its URL tells. What the body tells, its handler asks for by `Call.require`. */
export type AccessTable = Record<string, (call: Call) => Needs>;

/** An operation that anybody may call. */
export const nothing = (): Needs => [];

/** One permission, on what the URL names. */
export function needs(permission: string, resource: (call: Call) => Resource): (call: Call) => Needs {
  return (call) => [[permission, resource(call)]];
}
