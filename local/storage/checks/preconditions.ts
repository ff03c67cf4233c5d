import { conditionNotMet, invalid } from '../../http/api-error.ts';

/**
 * Conditions on the live version of a resource; a value is a decimal integer, and generation 0 means "there is none".
 * https://cloud.google.com/storage/docs/request-preconditions
 */
export interface Preconditions {
  generationMatch?: string;
  generationNotMatch?: string;
  metagenerationMatch?: string;
  metagenerationNotMatch?: string;
}

/** What the conditions are held against; buckets have a metageneration only. */
export interface Versioned {
  generation?: string;
  metageneration: number;
}

/** `Match`: a condition of that kind failed; `NotMatch` likewise, which a reader calls "304 Not Modified". */
export type Failure = 'Match' | 'NotMatch';

/** The conditions in a query: `ifGenerationMatch` and so on; with prefix `ifSource`, those on a copy's source. */
export function readPreconditions(query: URLSearchParams, prefix = 'if'): Preconditions {
  const read = (name: string) => {
    const value = query.get(`${prefix}${name}`);
    if (value !== null && !/^\d+$/.test(value)) {
      throw invalid(`Invalid value for ${prefix}${name}: '${value}' is not a whole number.`);
    }
    return value;
  };
  const generationMatch = read('GenerationMatch');
  const generationNotMatch = read('GenerationNotMatch');
  const metagenerationMatch = read('MetagenerationMatch');
  const metagenerationNotMatch = read('MetagenerationNotMatch');
  return {
    ...(generationMatch !== null && { generationMatch }),
    ...(generationNotMatch !== null && { generationNotMatch }),
    ...(metagenerationMatch !== null && { metagenerationMatch }),
    ...(metagenerationNotMatch !== null && { metagenerationNotMatch }),
  };
}

/** Which kind of condition `live` (undefined: nothing is there) fails first, if any. */
export function failedPrecondition(wanted: Preconditions, live: Versioned | undefined): Failure | undefined {
  const generation = BigInt(live?.generation ?? 0);
  const metageneration = BigInt(live?.metageneration ?? 0);
  const differs = (value: string | undefined, actual: bigint) =>
    value !== undefined && BigInt(value) !== actual;
  const equals = (value: string | undefined, actual: bigint) =>
    value !== undefined && BigInt(value) === actual;
  if (differs(wanted.generationMatch, generation)) return 'Match';
  if (differs(wanted.metagenerationMatch, metageneration)) return 'Match';
  if (equals(wanted.generationNotMatch, generation)) return 'NotMatch';
  if (equals(wanted.metagenerationNotMatch, metageneration)) return 'NotMatch';
  return undefined;
}

/** Throws 412 conditionNotMet unless `live` fulfils every condition. */
export function requirePreconditions(wanted: Preconditions, live: Versioned | undefined): void {
  if (failedPrecondition(wanted, live)) throw preconditionFailed();
}

export const preconditionFailed = () =>
  conditionNotMet('At least one of the pre-conditions you specified did not hold.');
