import { aborted } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';
import type { Route } from '../http/router.ts';
import type { Binding, Policy } from '../iam/policy.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import { fullName } from '../iam/resources.ts';
import { instanceResource } from './access.ts';
import type { InstanceStore } from './instance-store.ts';
import { pathsOf } from './paths.ts';

interface SetPolicyBody {
  policy?: Policy;
  /** Instead of `policy`, as older clients write it. */
  bindings?: Binding[];
  etag?: string;
}

/** Who may do what with an instance. */
export function instancePolicyRoutes(store: InstanceStore, policies: PolicyBook): Route[] {
  const { inZone } = pathsOf(store.project);
  const path = '/instances/:instance';
  return [
    inZone('GET', `${path}/getIamPolicy`, 'compute.instances.getIamPolicy', (call) => ({
      body: policies.get(fullName(resourceOf(call))),
    })),
    inZone('POST', `${path}/setIamPolicy`, 'compute.instances.setIamPolicy', setIamPolicy),
    inZone('POST', `${path}/testIamPermissions`, 'compute.instances.testIamPermissions', async (call) => {
      const { permissions = [] } = await call.json<{ permissions?: string[] }>();
      const resource = resourceOf(call);
      return { body: { permissions: permissions.filter((permission) => call.holds(permission, resource)) } };
    }),
  ];

  async function setIamPolicy(call: Call): Promise<Reply> {
    const { policy, bindings = [], etag } = await call.json<SetPolicyBody>();
    const wanted = policy ?? { bindings, ...(etag && { etag }) };
    const changed = () => aborted('There were concurrent policy changes: read the policy again, and repeat.');
    return { body: policies.set(fullName(resourceOf(call)), wanted, changed) };
  }

  function resourceOf(call: Call) {
    const { zone, name } = store.get(call.param('zone'), call.param('instance'));
    return instanceResource(store.project, zone, name);
  }
}
