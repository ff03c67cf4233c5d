import type { Caller, Guard, Resource } from '../http/access.ts';
import { parseCondition } from './condition.ts';
import type { Binding } from './policy.ts';
import type { PolicyBook } from './policy-book.ts';
import { callerPrincipal, type Principal } from './principal.ts';
import { refusal, serviceDisabled } from './refusal.ts';
import type { Usage, Used } from './usage.ts';

const ACT_AS = 'iam.serviceAccounts.actAs';

export interface GuardOptions {
  project: string;
  policies: PolicyBook;
  usage: Usage;
  /** The permissions of a role; undefined where there is no such role. */
  permissionsOf: (role: string) => string[] | undefined;
  /** Whether the project may use an API, such as `pubsub.googleapis.com`. */
  isEnabled: (service: string) => boolean;
  /** The account that a local function runs as. */
  accountOfFunction: (name: string) => string | undefined;
}

/** Enforces the policies: a permission is had by a binding on the resource itself, or on the project. */
export class PolicyGuard implements Guard {
  readonly #options: GuardOptions;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  require(caller: Caller, permission: string, resource: Resource): void {
    const { project, isEnabled } = this.#options;
    const service = resource.type.split('/', 1)[0] ?? '';
    // To act as an account is no call of the API that manages accounts.
    if (permission !== ACT_AS && !isEnabled(service)) throw serviceDisabled(service, project);
    this.requireOf(this.#principalOf(caller), permission, resource);
  }

  /** Throws 403 unless the principal has the permission. */
  requireOf(principal: Principal, permission: string, resource: Resource): void {
    if (!this.allows(principal, permission, resource)) throw refusal(principal, permission, resource);
  }

  holds(caller: Caller, permission: string, resource: Resource): boolean {
    return this.#grants(this.#principalOf(caller), permission, resource).length > 0;
  }

  /** Whether the principal has the permission; it counts as used. */
  allows(principal: Principal, permission: string, resource: Resource): boolean {
    const { usage } = this.#options;
    const grantedBy = this.#grants(principal, permission, resource);
    const asked = { principal, permission, resource: resource.name };
    if (grantedBy.length === 0) usage.refuse(asked);
    else usage.use({ ...asked, grantedBy });
    return grantedBy.length > 0;
  }

  #grants(principal: Principal, permission: string, resource: Resource): Used['grantedBy'] {
    const { policies } = this.#options;
    return resource.policies.flatMap((on) => {
      const bindings = policies.effective(on).bindings ?? [];
      const granting = bindings.filter((binding) =>
        this.#isGranted(binding, principal, permission, resource),
      );
      return granting.map(({ role, condition }) => ({
        role,
        on,
        ...(condition?.title && { condition: condition.title }),
      }));
    });
  }

  #isGranted(
    { role, members, condition }: Binding,
    principal: Principal,
    permission: string,
    resource: Resource,
  ): boolean {
    if (!members.includes(principal) && !members.includes('allUsers')) return false;
    const permissions = this.#options.permissionsOf(role) ?? [];
    if (!permissions.includes(permission) && !permissions.includes('*')) return false;
    return condition === undefined || parseCondition(condition.expression)(resource);
  }

  #principalOf(caller: Caller): Principal {
    return callerPrincipal(caller, this.#options.accountOfFunction);
  }
}
