import type { Resource as Deployed, ResourceOf, Target } from '../../../deploy/table/resource.ts';
import { instanceResource } from '../../../local/compute/access.ts';
import type { Resource } from '../../../local/http/access.ts';
import { type Granted, grantsOf, type Question } from '../../../local/iam/grants.ts';
import { PREDEFINED_ROLES } from '../../../local/iam/predefined-roles.ts';
import { fullName, projectResource, serviceAccount } from '../../../local/iam/resources.ts';
import { pubsubResource } from '../../../local/pubsub/access.ts';
import { serviceResource } from '../../../local/run/resource.ts';
import { secretResource } from '../../../local/secrets/resource.ts';
import { bucketResource } from '../../../local/storage/access.ts';
import { regionOf } from '../../../shared/config/names.ts';
import type { Config } from '../../../shared/config/schema.ts';

/** Whether a table of deploy/ allows something, by itself: without what a project's owner has. */
export function allows(table: Deployed[], config: Config): (question: Question) => boolean {
  const granted = grantedBy(table, config);
  return (question) => grantsOf(question, granted).length > 0;
}

function grantedBy(table: Deployed[], config: Config): Granted {
  const policies = new Map(
    table
      .filter((resource) => resource.kind === 'grants')
      .map(({ input: { target, bindings } }) => [fullName(resourceOf(target, config)), { bindings }]),
  );
  const roles = new Map(
    table
      .filter((resource) => resource.kind === 'role')
      .map(({ name, properties }) => [roleName(name, config), properties.permissions]),
  );
  return {
    policyOf: (resource) => policies.get(resource) ?? {},
    permissionsOf: (role) => roles.get(role) ?? PREDEFINED_ROLES[role],
  };
}

export const roleName = (role: ResourceOf<'role'>['name'], { project }: Config) =>
  `projects/${project}/roles/${role}`;

/** The target of a grant as IAM sees it. */
function resourceOf({ kind, name }: Target, config: Config): Resource {
  const { project, zone } = config;
  switch (kind) {
    case 'project':
      return projectResource(name);
    case 'account':
      return serviceAccount(project, `${name}@${project}.iam.gserviceaccount.com`);
    case 'bucket':
      return bucketResource(project, name);
    case 'topic':
    case 'subscription':
      return pubsubResource(`projects/${project}/${kind}s/${name}`);
    case 'secret':
      return secretResource(project, name);
    case 'instance':
      return instanceResource(project, zone, name);
    case 'function':
      return serviceResource(project, regionOf(config), name);
  }
}
