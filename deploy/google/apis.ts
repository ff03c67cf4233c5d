import { ServiceUsageClient } from '@google-cloud/service-usage';
import { withRetry } from '../../shared/google/with-retry.ts';
import type { Provider } from '../plan/provider.ts';
import { type Connection, restOptions } from './connection.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound } from './with-deadline.ts';

/** Services that are turned on (https://cloud.google.com/service-usage/docs/reference/rest). They are never turned off: others may use them. */
export function apiProvider(connection: Connection): Provider<'api'> {
  const client = new ServiceUsageClient(restOptions(connection, 'SERVICE_USAGE'));
  const nameOf = (api: string) => `projects/${connection.project}/services/${api}`;
  return {
    async read({ name }) {
      const found = await ignoreNotFound(`read whether ${name} is on`, () =>
        client.getService({ name: nameOf(name) }),
      );
      return found?.[0].state === 'ENABLED' ? {} : undefined;
    },
    async create({ name }) {
      const [operation] = await mapErrors(`turn on ${name}`, () =>
        client.enableService({ name: nameOf(name) }),
      );
      await withRetry(`wait until ${name} is on`, () => operation.promise());
    },
    async update() {},
  };
}
