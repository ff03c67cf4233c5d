import { isDeepStrictEqual } from 'node:util';
import { isMap } from '../../shared/is-map.ts';
import type { Json } from '../table/resource.ts';

/** One property that is not as the table has it. */
export interface Difference {
  /** `push.account`. */
  path: string;
  /** Absent: there is no such property. */
  from?: Json;
  to: Json;
}

/** What of `wanted` is otherwise in `observed`. What only `observed` has is somebody else's, and left alone. */
export function differences(wanted: Json, observed: Json | undefined, path = ''): Difference[] {
  if (isMap(wanted) && isMap(observed)) {
    return Object.entries(wanted).flatMap(([key, value]) =>
      differences(value, observed[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (isDeepStrictEqual(wanted, observed)) return [];
  return [{ path, ...(observed !== undefined && { from: observed }), to: wanted }];
}
