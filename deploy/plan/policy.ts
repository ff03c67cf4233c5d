import { isDeepStrictEqual } from 'node:util';
import { type Binding, bindingKey } from '../table/resource.ts';

/** An IAM policy as every service has it. What is not named here (audit configuration, etag) travels back as it came. */
export interface Policy {
  version?: number | null;
  bindings?: PolicyBinding[] | null;
  [other: string]: unknown;
}

export interface PolicyBinding {
  role?: string | null;
  members?: string[] | null;
  condition?: { title?: string | null; expression?: string | null } | null;
}

/** Conditions exist from this version on (https://cloud.google.com/iam/docs/policies#versions). */
export const POLICY_VERSION = 3;

/** Of each wanted binding, by its key, the members that the policy has; absent where it has none of them. */
export function membersHeld(policy: Policy, wanted: Binding[]): Record<string, string[]> {
  const held = wanted.map((binding) => {
    const there = (policy.bindings ?? []).filter((each) => isSame(each, binding)).flatMap(membersOf);
    return [bindingKey(binding), binding.members.filter((member) => there.includes(member))] as const;
  });
  return Object.fromEntries(held.filter(([, members]) => members.length > 0));
}

/** The policy with the bindings. Of a former condition under the same title nothing of ours remains. */
export function withBindings(policy: Policy, wanted: Binding[]): Policy {
  const { bindings } = withoutBindings(policy, wanted);
  const added = wanted.map(({ role, members, condition }) => ({
    role,
    members,
    ...(condition && { condition }),
  }));
  return versioned({ ...policy, bindings: [...(bindings ?? []), ...added] });
}

/** The policy without the members of the bindings. */
export function withoutBindings(policy: Policy, unwanted: Binding[]): Policy {
  const kept = unwanted.reduce(
    (bindings, binding) => bindings.map((each) => lifted(each, binding)),
    policy.bindings ?? [],
  );
  return versioned({ ...policy, bindings: kept.filter(hasMembers) });
}

function versioned(policy: Policy): Policy {
  const isConditional = policy.bindings?.some(({ condition }) => condition?.expression);
  return isConditional ? { ...policy, version: POLICY_VERSION } : policy;
}

/** A binding of the same role and title, without the members. */
function lifted(binding: PolicyBinding, { role, members, condition }: Binding): PolicyBinding {
  if (binding.role !== role || (binding.condition?.title || undefined) !== condition?.title) return binding;
  return { ...binding, members: membersOf(binding).filter((member) => !members.includes(member)) };
}

function isSame({ role, condition }: PolicyBinding, wanted: Binding): boolean {
  const found = condition?.expression
    ? { title: condition.title, expression: condition.expression }
    : undefined;
  return role === wanted.role && isDeepStrictEqual(found, wanted.condition);
}

const membersOf = ({ members }: PolicyBinding) => members ?? [];
const hasMembers = (binding: PolicyBinding) => membersOf(binding).length > 0;

/** Everybody who has a role, on whatever condition. */
export function membersWith({ bindings }: Policy, role: string): string[] {
  return (bindings ?? []).filter((binding) => binding.role === role).flatMap(membersOf);
}
