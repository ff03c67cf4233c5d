import type { Call, Reply } from '../../http/call.ts';
import type { Route } from '../../http/router.ts';
import type { Store } from '../state/store.ts';
import { apiRoute } from './paths.ts';

const NO_CONDITIONS = {};

/** Who may do what with a bucket (stored, not enforced: everybody may do everything), and how it is laid out. */
export function bucketAccessRoutes(store: Store): Route[] {
  return [
    apiRoute('GET', '/b/:bucket/storageLayout', 'storage.buckets.getStorageLayout', getStorageLayout),
    apiRoute('GET', '/b/:bucket/managedFolders', 'storage.managedFolders.list', listManagedFolders),
    apiRoute('GET', '/b/:bucket/iam', 'storage.buckets.getIamPolicy', getIamPolicy),
    apiRoute('PUT', '/b/:bucket/iam', 'storage.buckets.setIamPolicy', setIamPolicy),
    apiRoute('GET', '/b/:bucket/iam/testPermissions', 'storage.buckets.testIamPermissions', testPermissions),
  ];

  function getStorageLayout(call: Call): Reply {
    const { name, attributes } = store.buckets.get(call.param('bucket'));
    const { location, locationType } = attributes;
    const hierarchicalNamespace = { enabled: false };
    return {
      body: { kind: 'storage#storageLayout', bucket: name, location, locationType, hierarchicalNamespace },
    };
  }

  /** None can be made here; `gcloud storage rm -r` asks for them. */
  function listManagedFolders(call: Call): Reply {
    store.buckets.get(call.param('bucket'));
    return { body: { kind: 'storage#managedFolders' } };
  }

  function getIamPolicy(call: Call): Reply {
    const { name, iamPolicy } = store.buckets.get(call.param('bucket'));
    return { body: policyResource(name, iamPolicy) };
  }

  async function setIamPolicy(call: Call): Promise<Reply> {
    const policy = await call.json();
    const { name, iamPolicy } = store.buckets.update(call.param('bucket'), NO_CONDITIONS, () => ({
      iamPolicy: policy,
    }));
    return { body: policyResource(name, iamPolicy) };
  }

  function testPermissions(call: Call): Reply {
    store.buckets.get(call.param('bucket'));
    const permissions = call.url.searchParams.getAll('permissions');
    return { body: { kind: 'storage#testIamPermissionsResponse', permissions } };
  }
}

function policyResource(bucket: string, policy: object | undefined): object {
  const empty = { version: 1, etag: 'CAE=', bindings: [] };
  return { ...empty, ...policy, kind: 'storage#policy', resourceId: `projects/_/buckets/${bucket}` };
}
