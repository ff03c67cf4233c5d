import { isMap } from '../../core/is-map.ts';

/**
 * A merge patch (RFC 7396) of a resource: null removes a key, an object is merged, all else replaces.
 * `base` is left as it is.
 */
export function mergePatch<T extends object>(base: T, patch: object): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (isMap(value)) merged[key] = mergePatch(isMap(merged[key]) ? merged[key] : {}, value);
    else merged[key] = value;
  }
  return merged as T;
}
