import { type Handler, type Route, route } from '../../http/router.ts';

/**
 * A route of the JSON API. Clients reach it under `/storage/v1`, or, with STORAGE_EMULATOR_HOST, without it.
 */
export function apiRoute(method: string, path: string, operation: string, handler: Handler): Route {
  return route(method, `{/storage/v1}?${path}`, operation, handler);
}
