import { invalid } from '../../http/api-error.ts';

/**
 * What a request of a resumable upload brings. Absent `start`: no bytes, a question where the upload stands. Absent
 * `end`: the bytes go on to the end of the request. Absent `total`: the length of the object is not known yet.
 */
export interface ContentRange {
  start?: number;
  end?: number;
  total?: number;
  /** The end of this request is the end of the object. */
  final: boolean;
}

/**
 * Reads `Content-Range`: `bytes 0-524287/*` and `bytes 0-9/10` (pieces), `bytes 0-*\/*` (the Node client: all the rest),
 * a question `bytes *\/*` or `bytes *\/10`, or none (the whole object in one request).
 */
export function readContentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { start: 0, final: true };
  const [matched, first, last, length] = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header.trim()) ?? [];
  if (!matched) throw invalid(`Failed to parse Content-Range header: '${header}'.`);
  const total = length === '*' ? {} : { total: Number(length) };
  if (first === undefined) return { ...total, final: false };
  const start = Number(first);
  if (last === '*') return { start, ...total, final: true };
  return { start, end: Number(last) + 1, ...total, final: false };
}
