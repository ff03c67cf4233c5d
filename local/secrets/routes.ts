import { checkProject } from '../core/project.ts';
import type { Needs } from '../http/access.ts';
import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import { notImplemented } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';
import { pageBody, pageQuery } from '../http/query.ts';
import { type Route, route } from '../http/router.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import { policyRoutes } from '../iam/policy-routes.ts';
import { serviceOf } from '../iam/resources.ts';
import type { Payload, SecretSettings } from './checks.ts';
import { secretResource, versionResource } from './resource.ts';
import type { Secrets, VersionState } from './secrets.ts';

const SECRETS = '/v1/projects/:project/secrets';
const SECRET = `${SECRETS}/:secret`;
const VERSIONS = `${SECRET}/versions`;
const VERSION = `${VERSIONS}/:version`;
const OPERATIONS = 'secretmanager.projects.secrets';

const STATES: [verb: string, state: VersionState][] = [
  ['enable', 'ENABLED'],
  ['disable', 'DISABLED'],
  ['destroy', 'DESTROYED'],
];

/** Secret Manager, v1 (https://cloud.google.com/secret-manager/docs/reference/rest). */
export function secretRoutes(project: string, secrets: Secrets, policies: PolicyBook): Route[] {
  const on = (method: string, path: string, verb: string, handler: (call: Call) => Promise<Reply> | Reply) =>
    route(method, path, `${OPERATIONS}.${verb}`, (call) => {
      checkProject(call.param('project'), project);
      return handler(call);
    });
  const idOf = (call: Call) => call.param('secret');
  return [
    on('POST', SECRETS, 'create', async (call) => ({
      body: secrets.create(call.query('secretId') ?? '', await call.json<SecretSettings>()),
    })),
    on('GET', SECRETS, 'list', (call) => {
      if (call.query('filter')) throw notImplemented('filters of secrets');
      const { pageSize, pageToken } = pageQuery(call);
      return { body: pageBody('secrets', secrets.list(pageSize, pageToken)) };
    }),
    ...policyRoutes({
      policies,
      path: SECRET,
      operations: OPERATIONS,
      readBy: 'GET',
      resource(call) {
        secrets.get(idOf(call));
        return secretResource(project, idOf(call));
      },
    }),
    on('POST', `${SECRET}\\:addVersion`, 'addVersion', async (call) => {
      const { payload } = await call.json<{ payload?: Payload }>();
      return { body: secrets.addVersion(idOf(call), payload) };
    }),
    on('GET', VERSIONS, 'versions.list', (call) => {
      const { pageSize, pageToken } = pageQuery(call);
      return { body: pageBody('versions', secrets.versions(idOf(call), pageSize, pageToken)) };
    }),
    on('GET', `${VERSION}\\:access`, 'versions.access', (call) => ({
      body: secrets.access(idOf(call), call.param('version')),
    })),
    ...STATES.map(([verb, state]) =>
      on('POST', `${VERSION}\\:${verb}`, `versions.${verb}`, async (call) => {
        const { etag } = await call.json<{ etag?: string }>();
        return { body: secrets.setState(idOf(call), call.param('version'), state, etag) };
      }),
    ),
    on('GET', VERSION, 'versions.get', (call) => ({
      body: secrets.version(idOf(call), call.param('version')),
    })),
    on('GET', SECRET, 'get', (call) => ({ body: secrets.get(idOf(call)) })),
    on('PATCH', SECRET, 'patch', async (call) => ({
      body: secrets.patch(idOf(call), await call.json<SecretSettings>(), call.query('updateMask')),
    })),
    on('DELETE', SECRET, 'delete', (call) => {
      secrets.delete(idOf(call), call.query('etag'));
      return { body: {} };
    }),
  ];
}

export function secretAccess(project: string): AccessTable {
  const service = () => serviceOf(project, 'secretmanager.googleapis.com');
  const secret = (call: Call) => secretResource(project, call.param('secret'));
  const version = (call: Call) => versionResource(project, call.param('secret'), call.param('version'));
  const table: Record<string, (call: Call) => Needs> = {
    create: needs('secretmanager.secrets.create', service),
    list: needs('secretmanager.secrets.list', service),
    get: needs('secretmanager.secrets.get', secret),
    patch: needs('secretmanager.secrets.update', secret),
    delete: needs('secretmanager.secrets.delete', secret),
    getIamPolicy: needs('secretmanager.secrets.getIamPolicy', secret),
    setIamPolicy: needs('secretmanager.secrets.setIamPolicy', secret),
    testIamPermissions: nothing,
    addVersion: needs('secretmanager.versions.add', secret),
    'versions.list': needs('secretmanager.versions.list', secret),
    ...Object.fromEntries(
      ['get', 'access', 'enable', 'disable', 'destroy'].map((verb) => [
        `versions.${verb}`,
        needs(`secretmanager.versions.${verb}`, version),
      ]),
    ),
  };
  return Object.fromEntries(Object.entries(table).map(([verb, need]) => [`${OPERATIONS}.${verb}`, need]));
}
