import type { Resource } from '../http/access.ts';
import { parseCondition } from './condition.ts';
import type { Binding, Policy } from './policy.ts';
import type { Principal } from './principal.ts';

/** Whether somebody may do something. */
export interface Question {
  principal: Principal;
  permission: string;
  resource: Resource;
}

/** A binding that gives a permission: by the full name of the resource whose policy has it, and by the title of its condition. */
export interface Grant {
  role: string;
  on: string;
  condition?: string;
}

export interface Granted {
  /** The policy of a resource, by its full name. */
  policyOf: (resource: string) => Policy;
  /** The permissions of a role; undefined where there is no such role. */
  permissionsOf: (role: string) => string[] | undefined;
}

/** The bindings by which the principal may; none: he may not. They are on the resource itself, or on the project. */
export function grantsOf(question: Question, granted: Granted): Grant[] {
  return question.resource.policies.flatMap((on) => {
    const bindings = granted.policyOf(on).bindings ?? [];
    const granting = bindings.filter((binding) => isGranted(binding, question, granted));
    return granting.map(({ role, condition }) => ({
      role,
      on,
      ...(condition?.title && { condition: condition.title }),
    }));
  });
}

function isGranted(
  { role, members, condition }: Binding,
  { principal, permission, resource }: Question,
  { permissionsOf }: Granted,
): boolean {
  if (!members.includes(principal) && !members.includes('allUsers')) return false;
  const permissions = permissionsOf(role) ?? [];
  if (!permissions.includes(permission) && !permissions.includes('*')) return false;
  return condition === undefined || parseCondition(condition.expression)(resource);
}
