import { isDeepStrictEqual } from 'node:util';
import { isMap } from '../../shared/is-map.ts';
import type { Json } from '../table/resource.ts';

/** A property whose value in the cloud differs from the table. */
export interface Difference {
  /** `push.account`. */
  path: string;
  /** Absent if the property does not exist. */
  from?: Json;
  to: Json;
}

/** Returns the properties of `wanted` that differ in `observed`. Properties that only `observed` has are somebody else's and stay. */
export function differences(wanted: Json, observed: Json | undefined, path = ''): Difference[] {
  if (isMap(wanted) && isMap(observed)) {
    return Object.entries(wanted).flatMap(([key, value]) =>
      differences(value, observed[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (isDeepStrictEqual(wanted, observed)) return [];
  return [{ path, ...(observed !== undefined && { from: observed }), to: wanted }];
}
