import type { Needs, Resource } from '../http/access.ts';
import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import type { Call } from '../http/call.ts';
import { inProject, serviceOf } from '../iam/resources.ts';
import type { Store } from './state/store.ts';

const SERVICE = 'storage.googleapis.com';

/** A bucket as IAM sees it. Listing tells its prefix, which conditions can read. */
export function bucketResource(project: string, bucket: string, listPrefix?: string): Resource {
  const name = `projects/_/buckets/${bucket}`;
  const resource = inProject(project, SERVICE, 'Bucket', name, name);
  if (listPrefix === undefined) return resource;
  return { ...resource, attributes: { 'storage.googleapis.com/objectListPrefix': listPrefix } };
}

/** An object has no policy of its own: its bucket's counts. */
export function objectResource(project: string, bucket: string, object: string): Resource {
  const { name, policies } = bucketResource(project, bucket);
  return { name: `${name}/objects/${object}`, type: `${SERVICE}/Object`, policies };
}

/** Throws 403 unless the caller may write the object; to replace one, he must be allowed to delete it. */
export function requireWrite(call: Call, store: Store, bucket: string, name: string): void {
  const { project } = store.buckets.get(bucket);
  const resource = objectResource(project, bucket, name);
  call.require('storage.objects.create', resource);
  if (store.objects.find(bucket, name)) call.require('storage.objects.delete', resource);
}

export function requireRead(call: Call, store: Store, bucket: string, name: string): void {
  const { project } = store.buckets.get(bucket);
  call.require('storage.objects.get', objectResource(project, bucket, name));
}

/** What each operation needs (https://cloud.google.com/storage/docs/access-control/iam-json). Writing is looked at where the name is known. */
export function storageAccess(store: Store, project: string): AccessTable {
  const service = () => serviceOf(project, SERVICE);
  const bucket = (call: Call) => bucketResource(project, call.param('bucket'));
  const listed = (call: Call) => bucketResource(project, call.param('bucket'), call.query('prefix') ?? '');
  const object = (call: Call) => objectResource(project, call.param('bucket'), call.param('object'));
  return {
    'storage.buckets.get': needs('storage.buckets.get', bucket),
    'storage.buckets.list': needs('storage.buckets.list', service),
    'storage.buckets.insert': needs('storage.buckets.create', service),
    'storage.buckets.patch': needs('storage.buckets.update', bucket),
    'storage.buckets.update': needs('storage.buckets.update', bucket),
    'storage.buckets.delete': needs('storage.buckets.delete', bucket),
    'storage.buckets.getStorageLayout': needs('storage.objects.list', listed),
    'storage.buckets.getIamPolicy': needs('storage.buckets.getIamPolicy', bucket),
    'storage.buckets.setIamPolicy': needs('storage.buckets.setIamPolicy', bucket),
    'storage.buckets.testIamPermissions': nothing,
    'storage.managedFolders.list': needs('storage.managedFolders.list', bucket),
    'storage.objects.get': reading('storage.objects.get'),
    'storage.objects.list': needs('storage.objects.list', listed),
    'storage.objects.delete': reading('storage.objects.delete'),
    'storage.objects.patch': reading('storage.objects.update'),
    'storage.objects.update': reading('storage.objects.update'),
    'storage.objects.insert': nothing,
    'storage.objects.rewrite': needs('storage.objects.get', object),
    'storage.objects.copy': needs('storage.objects.get', object),
    'storage.objects.compose': nothing,
  };

  /** Only callers who may list the bucket learn that an object does not exist. */
  function reading(permission: string): (call: Call) => Needs {
    return (call) => {
      const [bucketName, name] = [call.param('bucket'), call.param('object')];
      const isThere = store.catalog.object(bucketName, name) !== undefined;
      const list: Needs = [['storage.objects.list', bucketResource(project, bucketName, name)]];
      return [[permission, object(call)], ...(isThere ? [] : list)];
    };
  }
}
