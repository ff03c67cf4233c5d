import type { Caller, Guard, Resource } from '../http/access.ts';
import { type Grant, grantsOf, type Question } from './grants.ts';
import type { PolicyBook } from './policy-book.ts';
import { callerPrincipal, type Principal } from './principal.ts';
import { refusal, serviceDisabled } from './refusal.ts';
import type { Usage } from './usage.ts';

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
    return this.#grants({ principal: this.#principalOf(caller), permission, resource }).length > 0;
  }

  /** Whether the principal has the permission; it counts as used. */
  allows(principal: Principal, permission: string, resource: Resource): boolean {
    const { usage } = this.#options;
    const question = { principal, permission, resource };
    const grantedBy = this.#grants(question);
    if (grantedBy.length === 0) usage.refuse(question);
    else usage.use({ ...question, grantedBy });
    return grantedBy.length > 0;
  }

  #grants(question: Question): Grant[] {
    const { policies, permissionsOf } = this.#options;
    return grantsOf(question, { policyOf: (resource) => policies.effective(resource), permissionsOf });
  }

  #principalOf(caller: Caller): Principal {
    return callerPrincipal(caller, this.#options.accountOfFunction);
  }
}
