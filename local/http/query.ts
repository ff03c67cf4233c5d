import type { Call } from './call.ts';
import type { Page } from './paging.ts';

export interface PageQuery {
  pageSize: number | undefined;
  pageToken: string | undefined;
}

/** `pageSize` and `pageToken` of a listing call. */
export function pageQuery(call: Call): PageQuery {
  const size = call.query('pageSize');
  return { pageSize: size ? Number(size) : undefined, pageToken: call.query('pageToken') };
}

/** A page as listing calls answer it: the items under the name of their kind. */
export function pageBody<T>(kind: string, { items, nextPageToken }: Page<T>): object {
  return { [kind]: items, ...(nextPageToken && { nextPageToken }) };
}
