import { invalid } from '../../http/api-error.ts';

/**
 * A `matchGlob` as a regular expression: `*` and `?` within a path segment, `**` across segments, `[a-z]`, `{a,b}`.
 * https://cloud.google.com/storage/docs/json_api/v1/objects/list#list-objects-and-prefixes-using-glob
 */
export function readGlob(glob: string): RegExp {
  const tokens = glob.match(/\*\*\/|\*\*|\[[^\]]+\]|\\.|./gsu) ?? [];
  let depth = 0;
  const pattern = tokens.map((token) => {
    if (token === '{') depth += 1;
    if (token === '}' && depth > 0) depth -= 1;
    return translate(token, depth);
  });
  try {
    return new RegExp(`^${pattern.join('')}$`, 'u');
  } catch (error) {
    throw invalid(`Invalid matchGlob '${glob}': ${String(error)}`);
  }
}

function translate(token: string, depth: number): string {
  if (token === '**/') return '(?:.*/)?';
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (token === '{') return '(?:';
  if (token === '}') return ')';
  if (token === ',' && depth > 0) return '|';
  if (token.startsWith('[') && token.length > 1) return token.replace(/^\[!/, '[^');
  return RegExp.escape(token.startsWith('\\') && token.length > 1 ? token.slice(1) : token);
}
