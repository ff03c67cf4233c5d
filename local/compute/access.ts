import type { Needs, Resource } from '../http/access.ts';
import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import type { Call } from '../http/call.ts';
import type { Route } from '../http/router.ts';
import { inProject, serviceAccount, serviceOf } from '../iam/resources.ts';
import type { InstanceStore } from './instance-store.ts';
import { resourcePath } from './links.ts';

const SERVICE = 'compute.googleapis.com';

/** An instance as IAM sees it. */
export function instanceResource(project: string, zone: string, name: string): Resource {
  const path = resourcePath(project, zone, 'instances', name);
  return inProject(project, SERVICE, 'Instance', path, path);
}

/** Methods whose permission has another name. */
const PERMISSION_OF: Record<string, string> = {
  insert: 'create',
  wait: 'get',
  aggregatedList: 'list',
};

/**
 * What each of the routes needs (https://cloud.google.com/compute/docs/access/iam-permissions): the permission of its name, on the
 * instance that its path names, else on the project. To act as an account is asked for where the body is known.
 */
export function computeAccess(routes: Route[], store: InstanceStore): AccessTable {
  const { project } = store;
  const instance = (call: Call) =>
    instanceResource(
      project,
      call.param('zone'),
      store.find(call.param('zone'), call.param('instance'))?.name ?? call.param('instance'),
    );
  const entries = routes.map(({ operation }): [string, (call: Call) => Needs] => {
    const [service = '', collection = '', method = ''] = operation.split('.');
    const permission = `${service}.${collection}.${PERMISSION_OF[method] ?? method}`;
    const resource = (call: Call) =>
      call.params.instance === undefined ? serviceOf(project, SERVICE) : instance(call);
    return [operation, method === 'testIamPermissions' ? nothing : needs(permission, resource)];
  });
  return Object.fromEntries(entries);
}

/** Throws 403 unless the caller may act as every one of the accounts: who controls a machine's metadata is its account. */
export function requireActAs(call: Call, project: string, accounts: { email: string }[]): void {
  for (const { email } of accounts) call.require('iam.serviceAccounts.actAs', serviceAccount(project, email));
}
