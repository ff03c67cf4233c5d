import type { Provider } from '../plan/provider.ts';
import { emailOf } from '../table/names.ts';
import type { Connection } from './connection.ts';
import { iamClient } from './iam-client.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound } from './with-deadline.ts';

/** Service accounts (https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts). */
export function accountProvider(connection: Connection): Provider<'account'> {
  const { serviceAccounts } = iamClient(connection).projects;
  const { project } = connection;
  const nameOf = (account: string) => `projects/${project}/serviceAccounts/${emailOf(account, project)}`;
  return {
    async read({ name }) {
      const found = await ignoreNotFound(`read account ${name}`, () =>
        serviceAccounts.get({ name: nameOf(name) }),
      );
      return found && { displayName: found.data.displayName ?? '' };
    },
    async create({ name, properties }) {
      const requestBody = { accountId: name, serviceAccount: properties };
      await mapErrors(`create account ${name}`, () =>
        serviceAccounts.create({ name: `projects/${project}`, requestBody }),
      );
    },
    async update({ name, properties }) {
      const requestBody = { serviceAccount: properties, updateMask: 'displayName' };
      await mapErrors(`change account ${name}`, () =>
        serviceAccounts.patch({ name: nameOf(name), requestBody }),
      );
    },
    async remove({ name }) {
      await ignoreNotFound(`delete account ${name}`, () => serviceAccounts.delete({ name: nameOf(name) }));
    },
  };
}
