import { isMap } from '../core/is-map.ts';

/**
 * The paths of an update mask as camelCase: over REST it is one text with commas, over gRPC a list in snake_case
 * (https://protobuf.dev/reference/protobuf/google.protobuf/#field-mask).
 */
export function maskPaths(mask: string | string[]): string[] {
  const paths = typeof mask === 'string' ? mask.split(',') : mask;
  return paths.map((path) => path.trim().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}

/** A copy of `current` in which each path of the mask has the value that `changes` gives it; one not given is cleared. */
export function applyMask<T extends object>(current: T, changes: Partial<T>, paths: string[]): T {
  const result = structuredClone(current);
  for (const path of paths) copyPath(result as Fields, changes as Fields, path.split('.'));
  return result;
}

type Fields = Record<string, unknown>;

function copyPath(target: Fields, source: Fields, [name = '', ...rest]: string[]): void {
  if (rest.length > 0) {
    const inner = isMap(target[name]) ? target[name] : {};
    target[name] = inner;
    copyPath(inner, isMap(source[name]) ? source[name] : {}, rest);
  } else if (source[name] === undefined) {
    delete target[name];
  } else {
    target[name] = structuredClone(source[name]);
  }
}
