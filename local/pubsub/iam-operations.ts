import type { Policy } from '../iam/policy.ts';
import { pubsubResource } from './access.ts';
import { type Operation, required, SUBSCRIPTION, TOPIC, unary } from './operation.ts';

export const iamOperations: Operation[] = [...iam('topics', TOPIC), ...iam('subscriptions', SUBSCRIPTION)];

/** The IAM calls of topics and of subscriptions differ in their path only. */
function iam(kind: string, resource: string): Operation[] {
  return [
    unary(
      `${kind}.getIamPolicy`,
      'IAMPolicy.GetIamPolicy',
      'GET',
      `:resource${resource}\\:getIamPolicy`,
      ({ policies }, r: { resource: string }) => policies.get(r.resource),
    ),
    unary(
      `${kind}.setIamPolicy`,
      'IAMPolicy.SetIamPolicy',
      'POST',
      `:resource${resource}\\:setIamPolicy`,
      ({ policies }, r: { resource: string; policy?: Policy }) =>
        policies.set(r.resource, required(r.policy, 'policy')),
    ),
    unary(
      `${kind}.testIamPermissions`,
      'IAMPolicy.TestIamPermissions',
      'POST',
      `:resource${resource}\\:testIamPermissions`,
      (
        { policies },
        { resource, permissions = [] }: { resource: string; permissions?: string[] },
        client,
      ) => {
        policies.get(resource);
        return { permissions: permissions.filter((each) => client.holds(each, pubsubResource(resource))) };
      },
    ),
  ];
}
