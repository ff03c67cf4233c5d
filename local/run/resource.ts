import type { Resource } from '../http/access.ts';
import { inProject } from '../iam/resources.ts';

/** The Cloud Run service that a function is served by. It has the function's name. */
export function serviceResource(project: string, location: string, id: string): Resource {
  const name = `projects/${project}/locations/${location}/services/${id}`;
  return inProject(project, 'run.googleapis.com', 'Service', name, name);
}
