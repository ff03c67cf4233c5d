import { notImplemented } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import { type Route, route } from '../../http/router.ts';
import type { UrlSigner } from '../signed-url.ts';
import type { Store } from '../state/store.ts';

/** Uploads by a signed URL. The last of the routes, since it takes any path. */
export function signedUploadRoutes(store: Store, signer: UrlSigner): Route[] {
  return [route('PUT', '/:bucket/:object(.+)', 'storage.objects.insert', put)];

  async function put(call: Call): Promise<Reply> {
    if (call.query('X-Goog-Signature') === undefined)
      throw notImplemented(`PUT ${call.url.pathname} without a signature (storage)`);
    signer.check(call);
    const contentType = call.header('content-type');
    const target = {
      bucket: call.param('bucket'),
      name: call.param('object'),
      attributes: contentType ? { contentType } : {},
      preconditions: {},
    };
    const staged = store.content.incoming();
    try {
      await staged.receive(call.request);
      const { generation } = store.objects.insert(target, staged);
      return { headers: { 'x-goog-generation': generation } };
    } catch (error) {
      staged.discard();
      throw error;
    }
  }
}
