import { checkProject, PROJECT_NUMBER } from '../core/project.ts';
import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import type { Call } from '../http/call.ts';
import { type Route, route } from '../http/router.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import { policyRoutes } from '../iam/policy-routes.ts';
import { projectResource } from '../iam/resources.ts';

const CREATED = '2026-01-05T09:00:00.000Z';
const OPERATIONS = 'cloudresourcemanager.projects';

/** The one project and its policy: v3, and v1 for gcloud (https://cloud.google.com/resource-manager/reference/rest/v3/projects). */
export function projectRoutes(project: string, policies: PolicyBook): Route[] {
  const checked = (call: Call) => checkProject(call.param('project'), project);
  return ['v3', 'v1'].flatMap((version) => [
    ...policyRoutes({
      policies,
      path: `/${version}/projects/:project`,
      operations: OPERATIONS,
      readBy: 'POST',
      resource(call) {
        checked(call);
        return projectResource(project);
      },
    }),
    route('GET', `/${version}/projects/:project`, `${OPERATIONS}.get`, (call) => {
      checked(call);
      return { body: version === 'v3' ? projectV3(project) : projectV1(project) };
    }),
  ]);
}

export function projectAccess(project: string): AccessTable {
  const resource = () => projectResource(project);
  return {
    [`${OPERATIONS}.get`]: needs('resourcemanager.projects.get', resource),
    [`${OPERATIONS}.getIamPolicy`]: needs('resourcemanager.projects.getIamPolicy', resource),
    [`${OPERATIONS}.setIamPolicy`]: needs('resourcemanager.projects.setIamPolicy', resource),
    [`${OPERATIONS}.testIamPermissions`]: nothing,
  };
}

function projectV3(project: string): object {
  return {
    name: `projects/${PROJECT_NUMBER}`,
    projectId: project,
    displayName: project,
    state: 'ACTIVE',
    createTime: CREATED,
    updateTime: CREATED,
    etag: 'W/"1"',
  };
}

function projectV1(project: string): object {
  return {
    projectNumber: PROJECT_NUMBER,
    projectId: project,
    name: project,
    lifecycleState: 'ACTIVE',
    createTime: CREATED,
  };
}
