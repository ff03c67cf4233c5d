import { invalid } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import { type Route, route } from '../../http/router.ts';
import { requireWrite } from '../access.ts';
import { requireHashes } from '../checks/digest.ts';
import { requirePreconditions } from '../checks/preconditions.ts';
import type { UploadTarget } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { readRelated } from './multipart.ts';
import { objectResource } from './resources.ts';
import { startSession } from './resumable.ts';
import { readTarget } from './upload-target.ts';

/** https://cloud.google.com/storage/docs/json_api/v1/objects/insert */
export function uploadRoutes(store: Store): Route[] {
  return [route('POST', '/upload/storage/v1/b/:bucket/o', 'storage.objects.insert', upload)];

  function upload(call: Call): Promise<Reply> {
    const type = call.query('uploadType');
    if (type === 'media') return uploadMedia(call);
    if (type === 'multipart') return uploadMultipart(call);
    if (type === 'resumable') return startSession(store, call);
    throw invalid(`uploadType must be media, multipart or resumable, not '${type}'.`);
  }

  function uploadMedia(call: Call): Promise<Reply> {
    return receive(call, readTarget(call, {}, call.header('content-type')), call.request);
  }

  async function uploadMultipart(call: Call): Promise<Reply> {
    const { metadata, contentType, media } = await readRelated(call.request, call.header('content-type'));
    return receive(call, readTarget(call, metadata, contentType), media);
  }

  async function receive(call: Call, target: UploadTarget, media: AsyncIterable<Buffer>): Promise<Reply> {
    requirePreconditions(target.preconditions, store.objects.find(target.bucket, target.name));
    requireWrite(call, store, target.bucket, target.name);
    const staged = store.content.incoming();
    try {
      await staged.receive(media);
      requireHashes(target.claims, staged.digest.hashes());
      return { body: objectResource(call, store.objects.insert(target, staged)) };
    } catch (error) {
      staged.discard();
      throw error;
    }
  }
}
