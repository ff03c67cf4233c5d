import type { Resource } from '../http/access.ts';

/** Resources as IAM names them, for those services that have no file of their own for it. */

const projectPolicy = (project: string) => `//cloudresourcemanager.googleapis.com/projects/${project}`;

/** The name under which a resource's own policy is kept. */
export function fullName({ policies: [own = ''] }: Resource): string {
  return own;
}

export function projectResource(project: string): Resource {
  return {
    name: `projects/${project}`,
    type: 'cloudresourcemanager.googleapis.com/Project',
    policies: [projectPolicy(project)],
  };
}

/** A resource below the project: what the project's policy grants counts for it too. */
export function inProject(
  project: string,
  service: string,
  kind: string,
  name: string,
  own?: string,
): Resource {
  const policies = own === undefined ? [] : [`//${service}/${own}`];
  return { name, type: `${service}/${kind}`, policies: [...policies, projectPolicy(project)] };
}

/** What a project-wide permission of a service, such as creating or listing, is asked for on. */
export function serviceOf(project: string, service: string): Resource {
  return inProject(project, service, 'Project', `projects/${project}`);
}

export function serviceAccount(project: string, email: string): Resource {
  const name = `projects/${project}/serviceAccounts/${email}`;
  return inProject(project, 'iam.googleapis.com', 'ServiceAccount', name, name);
}
