import type { z } from 'zod';

const EXPECTED: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of names to values',
  record: 'a map of names to values',
};

/**
 * What is wrong with a value, for a person, where the schema itself has no words for it: given to `safeParse` as `error`.
 * Undefined: zod's own words.
 */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${EXPECTED[String(issue.expected)] ?? issue.expected}, not ${kindOf(issue.input)}`;
    case 'too_small':
      return `must ${limit(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${limit(issue.origin, 'at most', issue.maximum)}`;
    case 'invalid_value':
      return `must be one of ${issue.values?.map(String).join(', ')}`;
    default:
      return undefined;
  }
}

function limit(origin: unknown, bound: string, value: unknown): string {
  if (origin === 'string') return `have ${bound} ${amount(value, 'character', 'characters')}`;
  if (origin === 'array') return `have ${bound} ${amount(value, 'entry', 'entries')}`;
  return `be ${bound} ${value}`;
}

function amount(value: unknown, one: string, many: string): string {
  return `${value} ${value === 1 ? one : many}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : typeof value === 'string' ? 'text' : JSON.stringify(value);
}
