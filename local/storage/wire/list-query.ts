import { invalid } from '../../http/api-error.ts';
import type { Call } from '../../http/call.ts';
import { readGlob } from '../checks/glob.ts';
import type { ListOptions } from '../checks/listing.ts';

const MAX_RESULTS = 1000;

/** What a listing of objects asks for. */
export function readListOptions(call: Call): ListOptions {
  const delimiter = call.query('delimiter');
  const startOffset = call.query('startOffset');
  const endOffset = call.query('endOffset');
  const pageToken = call.query('pageToken');
  const glob = call.query('matchGlob');
  return {
    prefix: call.query('prefix') ?? '',
    includeTrailingDelimiter: call.query('includeTrailingDelimiter') === 'true',
    maxResults: readMaxResults(call),
    ...(delimiter && { delimiter }),
    ...(startOffset && { startOffset }),
    ...(endOffset && { endOffset }),
    ...(pageToken && { pageToken }),
    ...(glob && { matchGlob: readGlob(glob) }),
  };
}

/** 1000 entries at most, as at Cloud Storage, however many are asked for. */
export function readMaxResults(call: Call): number {
  const text = call.query('maxResults') ?? String(MAX_RESULTS);
  if (!/^\d+$/.test(text) || Number(text) === 0) {
    throw invalid(`Invalid value for maxResults: '${text}' is not a whole number above zero.`);
  }
  return Math.min(Number(text), MAX_RESULTS);
}
