import { PROJECT_NUMBER } from '../core/project.ts';
import type { Resource } from '../http/access.ts';
import { inProject } from '../iam/resources.ts';

/** Secrets have the project's number in their names, also where conditions compare them. */
export function secretResource(project: string, id: string): Resource {
  const name = `projects/${PROJECT_NUMBER}/secrets/${id}`;
  return inProject(project, 'secretmanager.googleapis.com', 'Secret', name, name);
}

/** A version has no policy of its own: its secret's counts. */
export function versionResource(project: string, id: string, version: string): Resource {
  const secret = secretResource(project, id);
  return {
    ...secret,
    name: `${secret.name}/versions/${version}`,
    type: 'secretmanager.googleapis.com/SecretVersion',
  };
}
