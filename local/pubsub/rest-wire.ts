import type { Resource } from '../http/access.ts';
import type { Call } from '../http/call.ts';
import { type Route, route } from '../http/router.ts';
import { pubsubNeeds } from './access.ts';
import { type Operation, shortName } from './operation.ts';
import { operations } from './operations.ts';
import type { State } from './state.ts';

/** Pub/Sub over HTTP/1.1 and JSON: what gcloud, curl and the REST fallback of the Node client speak. */
export function restRoutes(state: State): Route[] {
  return operations.map((operation) =>
    route(operation.method, operation.path, operation.name, async (call) => {
      const request = await requestOf(operation, call);
      const needs = pubsubNeeds(shortName(operation), request, state);
      for (const [permission, resource] of needs) call.require(permission, resource);
      const holds = (permission: string, resource: Resource) => call.holds(permission, resource);
      return { body: await operation.run(state, request, { signal: goneSignal(call), holds }) };
    }),
  );
}

/** The fields of the request come from the path, the query and the body, as the proto's HTTP annotations say. */
async function requestOf({ nameOf }: Operation, call: Call): Promise<object> {
  const body = await call.json<Record<string, object>>();
  if (nameOf) return { ...body, [nameOf]: { ...body[nameOf], ...call.params } };
  return { ...paging(call), ...body, ...call.params };
}

function paging(call: Call): object {
  const pageSize = call.query('pageSize');
  const pageToken = call.query('pageToken');
  return { ...(pageSize && { pageSize: Number(pageSize) }), ...(pageToken && { pageToken }) };
}

function goneSignal(call: Call): AbortSignal {
  const gone = new AbortController();
  call.response.on('close', () => gone.abort());
  return gone.signal;
}
