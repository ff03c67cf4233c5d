import { membersHeld, withBindings, withoutBindings } from '../plan/policy.ts';
import type { Provider } from '../plan/provider.ts';
import { mapErrors } from './map-errors.ts';
import type { Policies } from './policies.ts';
import { ignoreNotFound, withDeadline } from './with-deadline.ts';

/** IAM policies, changed on condition that nobody else changes them at the same time: their etag travels back. */
export function grantProvider(policies: Policies): Provider<'grants'> {
  return {
    async read({ name, input: { target, bindings } }) {
      const policy = await ignoreNotFound(`read the policy of ${name}`, () =>
        policies[target.kind].get(target.name),
      );
      const members = policy ? membersHeld(policy, bindings) : {};
      return Object.keys(members).length > 0 ? { members } : undefined;
    },
    create: ({ name, input }) => grant(name, input),
    update: ({ name, input }) => grant(name, input),
    async remove({ name, input: { target, bindings } }) {
      const access = policies[target.kind];
      const policy = await ignoreNotFound(`read the policy of ${name}`, () => access.get(target.name));
      if (!policy || Object.keys(membersHeld(policy, bindings)).length === 0) return;
      await mapErrors(`change the policy of ${name}`, () =>
        access.set(target.name, withoutBindings(policy, bindings)),
      );
    },
  };

  async function grant(
    name: string,
    { target, bindings }: Parameters<Provider<'grants'>['create']>[0]['input'],
  ) {
    const access = policies[target.kind];
    const policy = await withDeadline(`read the policy of ${name}`, () => access.get(target.name));
    await mapErrors(`change the policy of ${name}`, () =>
      access.set(target.name, withBindings(policy, bindings)),
    );
  }
}
