import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import { notFound } from '../http/api-error.ts';
import type { Call } from '../http/call.ts';
import { pageBody, pageQuery } from '../http/query.ts';
import { type Route, route } from '../http/router.ts';
import type { CustomRoles, RoleSettings } from './custom-roles.ts';
import { PREDEFINED_ROLES } from './predefined-roles.ts';
import { serviceOf } from './resources.ts';

const ROLES = '/v1/projects/:project/roles';
const ROLE = `${ROLES}/:role`;
const OPERATIONS = 'iam.projects.roles';

/** Roles: the project's own, and those of Google's that are known here (https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles). */
export function roleRoutes(project: string, roles: CustomRoles): Route[] {
  const nameOf = (call: Call) => `projects/${project}/roles/${call.param('role')}`;
  return [
    route('POST', ROLES, `${OPERATIONS}.create`, async (call) => {
      const { roleId = '', role = {} } = await call.json<{ roleId?: string; role?: RoleSettings }>();
      return { body: roles.create(roleId, role) };
    }),
    route('GET', ROLES, `${OPERATIONS}.list`, (call) => ({
      body: pageBody(
        'roles',
        roles.list({ ...pageQuery(call), showDeleted: call.query('showDeleted') === 'true' }),
      ),
    })),
    route('GET', ROLE, `${OPERATIONS}.get`, (call) => ({ body: roles.get(nameOf(call)) })),
    route('PATCH', ROLE, `${OPERATIONS}.patch`, async (call) => ({
      body: roles.patch(nameOf(call), await call.json<RoleSettings>(), call.query('updateMask')),
    })),
    route('DELETE', ROLE, `${OPERATIONS}.delete`, (call) => ({
      body: roles.delete(nameOf(call), call.query('etag')),
    })),
    route('POST', `${ROLE}\\:undelete`, `${OPERATIONS}.undelete`, async (call) => {
      const { etag } = await call.json<{ etag?: string }>();
      return { body: roles.undelete(nameOf(call), etag) };
    }),
    route('GET', '/v1/roles/:role', 'iam.roles.get', (call) => ({ body: predefined(call.param('role')) })),
    route(
      'POST',
      '/v1/permissions\\:queryTestablePermissions',
      'iam.permissions.queryTestablePermissions',
      () => ({
        body: { permissions: testablePermissions() },
      }),
    ),
  ];
}

export function roleAccess(project: string): AccessTable {
  const service = () => serviceOf(project, 'iam.googleapis.com');
  const methods = ['create', 'list', 'get', 'delete', 'undelete'];
  return {
    ...Object.fromEntries(
      methods.map((method) => [`${OPERATIONS}.${method}`, needs(`iam.roles.${method}`, service)]),
    ),
    [`${OPERATIONS}.patch`]: needs('iam.roles.update', service),
    'iam.roles.get': nothing,
    'iam.permissions.queryTestablePermissions': nothing,
  };
}

/** Those of the predefined roles. gcloud asks before it makes a role; permissions that are not among them are taken, too. */
function testablePermissions(): object[] {
  const all = new Set(
    Object.values(PREDEFINED_ROLES)
      .flat()
      .filter((permission) => permission !== '*'),
  );
  return [...all].map((name) => ({ name, stage: 'GA' }));
}

function predefined(id: string): object {
  const name = `roles/${id}`;
  const includedPermissions = PREDEFINED_ROLES[name];
  if (!includedPermissions) throw notFound(`The role named ${name} was not found.`);
  return { name, includedPermissions, stage: 'GA', etag: 'AA==' };
}
