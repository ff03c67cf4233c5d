import { notImplemented } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import type { Route } from '../../http/router.ts';
import { type ObjectAttributes, readObjectAttributes } from '../checks/attributes.ts';
import { listPage } from '../checks/listing.ts';
import { mergePatch } from '../checks/patch.ts';
import {
  failedPrecondition,
  preconditionFailed,
  readPreconditions,
  requirePreconditions,
} from '../checks/preconditions.ts';
import type { ObjectRecord } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { download } from './downloads.ts';
import { readListOptions } from './list-query.ts';
import { apiRoute } from './paths.ts';
import { objectResource } from './resources.ts';

const OBJECT = '/b/:bucket/o/:object';

export function objectRoutes(store: Store): Route[] {
  return [
    apiRoute('GET', OBJECT, 'storage.objects.get', getObject),
    apiRoute('GET', '/b/:bucket/o', 'storage.objects.list', listObjects),
    apiRoute('DELETE', OBJECT, 'storage.objects.delete', deleteObject),
    apiRoute('PATCH', OBJECT, 'storage.objects.patch', patchObject),
    apiRoute('PUT', OBJECT, 'storage.objects.update', updateObject),
  ];

  function getObject(call: Call): Reply {
    if (call.query('alt') === 'media') return download(store, call);
    const object = find(call);
    const failure = failedPrecondition(readPreconditions(call.url.searchParams), object);
    if (failure === 'NotMatch') return { status: 304 };
    if (failure === 'Match') throw preconditionFailed();
    return { body: objectResource(call, object) };
  }

  function listObjects(call: Call): Reply {
    const bucket = store.buckets.get(call.param('bucket')).name;
    if (call.query('softDeleted') === 'true') throw notImplemented('the listing of soft-deleted objects');
    const page = listPage((...names) => store.catalog.objectsFrom(bucket, ...names), readListOptions(call));
    const { nextPageToken, prefixes } = page;
    const items = page.items.map((object) => objectResource(call, object));
    return {
      body: {
        kind: 'storage#objects',
        ...(items.length > 0 && { items }),
        ...(prefixes.length > 0 && { prefixes }),
        ...(nextPageToken && { nextPageToken }),
      },
    };
  }

  function deleteObject(call: Call): Reply {
    const object = find(call);
    requirePreconditions(readPreconditions(call.url.searchParams), object);
    store.objects.remove(object);
    return { status: 204 };
  }

  async function patchObject(call: Call): Promise<Reply> {
    const patch = readObjectAttributes(await call.json());
    return update(call, ({ attributes }) => mergePatch(attributes, patch));
  }

  async function updateObject(call: Call): Promise<Reply> {
    const replacement = readObjectAttributes(await call.json());
    return update(call, ({ attributes: { storageClass } }) => mergePatch({ storageClass }, replacement));
  }

  function update(call: Call, change: (object: ObjectRecord) => object): Reply {
    const object = find(call);
    requirePreconditions(readPreconditions(call.url.searchParams), object);
    const attributes: ObjectAttributes = change(object);
    return { body: objectResource(call, store.objects.update(object, attributes)) };
  }

  function find(call: Call): ObjectRecord {
    return store.objects.get(call.param('bucket'), call.param('object'), call.query('generation'));
  }
}
