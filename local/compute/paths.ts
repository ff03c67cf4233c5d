import { PROJECT_NUMBER } from '../core/project.ts';
import { invalid, notFound } from '../http/api-error.ts';
import type { Call } from '../http/call.ts';
import { type Handler, type Route, route } from '../http/router.ts';
import { isZone } from './links.ts';

type Declare = (method: string, path: string, operation: string, handler: Handler) => Route;

/** Declares routes below a project, and below a zone, of the API; clients may leave out `/compute/v1`. */
export function pathsOf(project: string): { inProject: Declare; inZone: Declare } {
  return {
    inProject: (method, path, operation, handler) =>
      route(method, `{/compute/v1}?/projects/:project${path}`, operation, (call) => {
        checkProject(call, project);
        return handler(call);
      }),
    inZone: (method, path, operation, handler) =>
      route(method, `{/compute/v1}?/projects/:project/zones/:zone${path}`, operation, (call) => {
        checkProject(call, project);
        checkZone(call.param('zone'));
        return handler(call);
      }),
  };
}

function checkProject(call: Call, project: string): void {
  const asked = call.param('project');
  if (asked !== project && asked !== PROJECT_NUMBER)
    throw notFound(`The resource 'projects/${asked}' was not found`);
}

function checkZone(zone: string): void {
  if (!isZone(zone)) throw invalid(`Invalid value for field 'zone': '${zone}'. Unknown zone.`);
}
