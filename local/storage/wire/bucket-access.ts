import { conditionNotMet } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import type { Route } from '../../http/router.ts';
import type { Policy } from '../../iam/policy.ts';
import type { PolicyBook } from '../../iam/policy-book.ts';
import { fullName } from '../../iam/resources.ts';
import { bucketResource } from '../access.ts';
import type { Store } from '../state/store.ts';
import { apiRoute } from './paths.ts';

/** Who may do what with a bucket, and how it is laid out. */
export function bucketAccessRoutes(store: Store, policies: PolicyBook): Route[] {
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
    const { name } = store.buckets.get(call.param('bucket'));
    return { body: policyBody(name, policies.get(fullName(resourceOf(call)))) };
  }

  async function setIamPolicy(call: Call): Promise<Reply> {
    const policy = await call.json<Policy>();
    const { name } = store.buckets.get(call.param('bucket'));
    const changed = () =>
      conditionNotMet(
        'At least one of the pre-conditions you specified did not hold: the policy has changed.',
      );
    return { body: policyBody(name, policies.set(fullName(resourceOf(call)), policy, changed)) };
  }

  function testPermissions(call: Call): Reply {
    const resource = resourceOf(call);
    const asked = call.url.searchParams.getAll('permissions');
    const permissions = asked.filter((permission) => call.holds(permission, resource));
    return { body: { kind: 'storage#testIamPermissionsResponse', permissions } };
  }

  function resourceOf(call: Call) {
    const { project, name } = store.buckets.get(call.param('bucket'));
    return bucketResource(project, name);
  }
}

function policyBody(bucket: string, policy: Policy): object {
  return {
    bindings: [],
    ...policy,
    kind: 'storage#policy',
    resourceId: `projects/_/buckets/${bucket}`,
  };
}
