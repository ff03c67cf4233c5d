import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import type { Call } from '../http/call.ts';
import { pageBody, pageQuery } from '../http/query.ts';
import { type Route, route } from '../http/router.ts';
import type { AccountSettings, Accounts, ServiceAccount } from './accounts.ts';
import type { PolicyBook } from './policy-book.ts';
import { policyRoutes } from './policy-routes.ts';
import { serviceAccount, serviceOf } from './resources.ts';

const ACCOUNTS = '/v1/projects/:project/serviceAccounts';
const ACCOUNT = `${ACCOUNTS}/:account`;
const OPERATIONS = 'iam.projects.serviceAccounts';

/** Service accounts (https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts); a project `-` is the account's own. */
export function accountRoutes(project: string, accounts: Accounts, policies: PolicyBook): Route[] {
  const emailOf = (call: Call) => accounts.get(call.param('account')).email;
  const setDisabled = (verb: string, disabled: boolean) =>
    route('POST', `${ACCOUNT}\\:${verb}`, `${OPERATIONS}.${verb}`, (call) => {
      accounts.setDisabled(emailOf(call), disabled);
      return { body: {} };
    });
  return [
    route('POST', ACCOUNTS, `${OPERATIONS}.create`, async (call) => {
      const { accountId = '', serviceAccount: settings = {} } = await call.json<{
        accountId?: string;
        serviceAccount?: AccountSettings;
      }>();
      return { body: accounts.create(accountId, settings) };
    }),
    route('GET', ACCOUNTS, `${OPERATIONS}.list`, (call) => {
      const { pageSize, pageToken } = pageQuery(call);
      return { body: pageBody('accounts', accounts.list(pageSize, pageToken)) };
    }),
    ...policyRoutes({
      policies,
      path: ACCOUNT,
      operations: OPERATIONS,
      readBy: 'POST',
      resource: (call) => serviceAccount(project, emailOf(call)),
    }),
    setDisabled('enable', false),
    setDisabled('disable', true),
    route('GET', ACCOUNT, `${OPERATIONS}.get`, (call) => ({ body: accounts.get(call.param('account')) })),
    route('PATCH', ACCOUNT, `${OPERATIONS}.patch`, async (call) => {
      const { serviceAccount: changes = {}, updateMask } = await call.json<{
        serviceAccount?: Partial<ServiceAccount>;
        updateMask?: string;
      }>();
      return { body: accounts.patch(emailOf(call), changes, updateMask) };
    }),
    route('DELETE', ACCOUNT, `${OPERATIONS}.delete`, (call) => {
      accounts.delete(emailOf(call));
      return { body: {} };
    }),
  ];
}

export function accountAccess(project: string): AccessTable {
  const service = () => serviceOf(project, 'iam.googleapis.com');
  const account = (call: Call) => serviceAccount(project, call.param('account'));
  return {
    [`${OPERATIONS}.create`]: needs('iam.serviceAccounts.create', service),
    [`${OPERATIONS}.list`]: needs('iam.serviceAccounts.list', service),
    [`${OPERATIONS}.testIamPermissions`]: nothing,
    [`${OPERATIONS}.patch`]: needs('iam.serviceAccounts.update', account),
    ...Object.fromEntries(
      ['get', 'delete', 'enable', 'disable', 'getIamPolicy', 'setIamPolicy'].map((method) => [
        `${OPERATIONS}.${method}`,
        needs(`iam.serviceAccounts.${method}`, account),
      ]),
    ),
  };
}
