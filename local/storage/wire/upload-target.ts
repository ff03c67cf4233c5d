import type { Call } from '../../http/call.ts';
import { readObjectAttributes } from '../checks/attributes.ts';
import { claimedHashes, type Hashes } from '../checks/digest.ts';
import { requireObjectName } from '../checks/names.ts';
import { mergePatch } from '../checks/patch.ts';
import { readPreconditions } from '../checks/preconditions.ts';
import type { UploadTarget } from '../state/records.ts';

/** The part of an object resource that an upload reads and that is not kept as it is. */
export interface UploadResource extends Partial<Hashes> {
  name?: string;
  contentType?: string;
}

/** What an upload is to become: by its metadata, its query and its headers. */
export function readTarget(
  call: Call,
  resource: UploadResource,
  mediaType: string | undefined,
): UploadTarget {
  const { md5Hash, crc32c } = resource;
  const contentType = resource.contentType ?? mediaType;
  const contentEncoding = call.query('contentEncoding');
  const defaults = { ...(contentType && { contentType }), ...(contentEncoding && { contentEncoding }) };
  const claimed = { ...(md5Hash && { md5Hash }), ...(crc32c && { crc32c }) };
  return {
    bucket: call.param('bucket'),
    name: requireObjectName(call.query('name') ?? resource.name),
    attributes: mergePatch(defaults, readObjectAttributes(resource)),
    preconditions: readPreconditions(call.url.searchParams),
    claims: claimedHashes(claimed, call.header('x-goog-hash'), call.header('content-md5')),
  };
}
