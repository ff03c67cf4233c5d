import type { Policies } from '../google/policies.ts';
import { ignoreNotFound } from '../google/with-deadline.ts';
import { membersWith, type Policy } from '../plan/policy.ts';
import type { Resource, ResourceOf, Target } from '../table/resource.ts';
import type { Finding } from './finding.ts';

const PUBLIC = ['allUsers', 'allAuthenticatedUsers'];

/** What nobody else may do: by the kind of the resource, its role, and a word for it. */
const EXCLUSIVE: Partial<Record<Target['kind'], { role: string; deed: string }>> = {
  function: { role: 'roles/run.invoker', deed: 'invoke it' },
  secret: { role: 'roles/secretmanager.secretAccessor', deed: 'read it' },
};
/** Rights that people may have; verify lists who has them. */
const SHARED: Partial<Record<Target['kind'], { role: string; deed: string }>> = {
  topic: { role: 'roles/pubsub.publisher', deed: 'publish to it' },
};

/** Rights on our resources that the table does not give: what is public, or lets others do what is the system's own. */
export async function findUnexpectedMembers(table: Resource[], policies: Policies): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const resource of table) {
    if (resource.kind !== 'grants') continue;
    const { target } = resource.input;
    const policy = await ignoreNotFound(`read the policy of ${resource.name}`, () =>
      policies[target.kind].get(target.name),
    );
    if (policy) found.push(...findingsOf(resource, policy));
  }
  return found;
}

/** What a policy gives to others; pure. */
export function findingsOf({ name, input }: ResourceOf<'grants'>, policy: Policy): Finding[] {
  const { kind } = input.target;
  const open = (policy.bindings ?? []).flatMap(({ role, members }) =>
    PUBLIC.filter((member) => members?.includes(member)).map((member) => ({
      subject: name,
      problem: `is public: ${role} is given to ${member}`,
      remedy: `Remove the binding: gcloud … remove-iam-policy-binding … --role=${role} --member=${member}`,
    })),
  );
  const exclusive = EXCLUSIVE[kind];
  const unexpectedMembers = exclusive ? othersWith(exclusive.role) : [];
  const shared = SHARED[kind];
  const publishers = shared ? othersWith(shared.role) : [];
  return [
    ...open,
    ...unexpectedMembers.map((member) => ({
      subject: name,
      problem: `${member} may ${exclusive?.deed}`,
      remedy: `Remove its role ${exclusive?.role}, unless you gave it on purpose.`,
    })),
    ...publishers.map((member) => ({ subject: name, fine: `${member} may ${shared?.deed} as well` })),
  ];

  function othersWith(role: string): string[] {
    const ours = input.bindings.filter((binding) => binding.role === role).flatMap(({ members }) => members);
    return membersWith(policy, role).filter((member) => !ours.includes(member) && !PUBLIC.includes(member));
  }
}
