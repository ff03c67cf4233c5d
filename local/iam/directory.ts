import { join } from 'node:path';
import type { CloudClock } from '../core/clock.ts';
import type { Faults } from '../core/faults.ts';
import { PROJECT_NUMBER } from '../core/project.ts';
import { invalid, notImplemented } from '../http/api-error.ts';
import { Accounts } from './accounts.ts';
import { parseCondition } from './condition.ts';
import { CustomRoles } from './custom-roles.ts';
import type { Binding, Policy } from './policy.ts';
import { PolicyBook } from './policy-book.ts';
import { PREDEFINED_ROLES } from './predefined-roles.ts';
import { OWNER, principalOf } from './principal.ts';
import { fullName, projectResource } from './resources.ts';
import { Usage } from './usage.ts';

/** Who there is, which roles, and who was granted what. */
export interface Directory {
  accounts: Accounts;
  roles: CustomRoles;
  policies: PolicyBook;
  usage: Usage;
  /** Undefined where there is no such role; a deleted one grants nothing. */
  permissionsOf(role: string): string[] | undefined;
}

export interface DirectoryOptions {
  stateDir: string;
  project: string;
  /** Where permissions are enforced, a policy that cannot be evaluated is refused. */
  enforced: boolean;
  clock: CloudClock;
  faults: Faults;
}

/** Google's own accounts, by which services call one another (https://cloud.google.com/iam/docs/service-agents). */
export const PUBSUB_AGENT = `service-${PROJECT_NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com`;
export const SCHEDULER_AGENT = `service-${PROJECT_NUMBER}@gcp-sa-cloudscheduler.iam.gserviceaccount.com`;

/**
 * What a new project's policy grants: the owner everything, and Google's accounts what they need. Pub/Sub's has nothing, as in
 * projects made before 8 April 2021 (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions): what works here works in both.
 */
const AT_FIRST: Binding[] = [
  { role: 'roles/owner', members: [principalOf(OWNER)] },
  { role: 'roles/cloudscheduler.serviceAgent', members: [principalOf(SCHEDULER_AGENT)] },
];

export function openDirectory(options: DirectoryOptions): Directory {
  const { stateDir, project, enforced, clock, faults } = options;
  const delayMs = (resource: string) => faults.strike('iam.propagate', resource, ['delay'])?.delayMs ?? 0;
  const book = { check: checkPolicy, propagation: { clock, delayMs } };
  const policies = new PolicyBook(join(stateDir, 'policies.json'), book);
  const accounts = new Accounts({ stateDir, project, policies });
  const roles = new CustomRoles(stateDir, project);
  const ofProject = fullName(projectResource(project));
  if (!policies.get(ofProject).bindings) policies.set(ofProject, { bindings: AT_FIRST });
  return { accounts, roles, policies, usage: new Usage(), permissionsOf };

  function permissionsOf(role: string): string[] | undefined {
    const custom = roles.find(role);
    if (!custom) return PREDEFINED_ROLES[role];
    return custom.deleted ? [] : (custom.includedPermissions ?? []);
  }

  function checkPolicy({ bindings = [] }: Policy): void {
    for (const { role, members, condition } of bindings) {
      if (role.startsWith('projects/') && !roles.find(role))
        throw invalid(`Role (${role}) does not exist in the resource's hierarchy.`);
      if (enforced && !permissionsOf(role)) throw notImplemented(`the role ${role} (IAM)`);
      if (enforced && condition) parseCondition(condition.expression);
      for (const member of members) checkMember(member);
    }
  }

  /** Accounts of other projects, and Google's own, are taken to exist. */
  function checkMember(member: string): void {
    const ours = new RegExp(`^serviceAccount:(.+@${RegExp.escape(project)}\\.iam\\.gserviceaccount\\.com)$`);
    const email = ours.exec(member)?.[1];
    if (email && !accounts.find(email)) throw invalid(`Service account ${email} does not exist.`);
  }
}
