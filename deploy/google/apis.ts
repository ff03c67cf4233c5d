import { ServiceUsageClient } from '@google-cloud/service-usage';
import { retrying } from '../../shared/google/with-retry.ts';
import type { Provider } from '../plan/provider.ts';
import { type Connection, restOptions } from './connection.ts';
import { once } from './map-errors.ts';
import { optional } from './with-deadline.ts';

/** Services that are turned on (https://cloud.google.com/service-usage/docs/reference/rest). They are never turned off: others may use them. */
export function apiProvider(connection: Connection): Provider<'api'> {
  const client = new ServiceUsageClient(restOptions(connection, 'SERVICE_USAGE'));
  const nameOf = (api: string) => `projects/${connection.project}/services/${api}`;
  return {
    async read({ name }) {
      const found = await optional(`read whether ${name} is on`, () =>
        client.getService({ name: nameOf(name) }),
      );
      return found?.[0].state === 'ENABLED' ? {} : undefined;
    },
    async create({ name }) {
      const [operation] = await once(`turn on ${name}`, () => client.enableService({ name: nameOf(name) }));
      await retrying(`wait until ${name} is on`, () => operation.promise());
    },
    async update() {},
    async remove() {},
  };
}
