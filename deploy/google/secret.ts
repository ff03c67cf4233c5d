import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { Provider } from '../plan/provider.ts';
import { type Connection, restOptions } from './connection.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound, withDeadline } from './with-deadline.ts';

/** A function whose mounted secret has no version at all is not deployed; this value means no notifications until there is a webhook. */
const NOTHING = 'none\n';

export function secretsClient(connection: Connection): SecretManagerServiceClient {
  return new SecretManagerServiceClient(restOptions(connection, 'SECRETS'));
}

/** Secrets (https://cloud.google.com/secret-manager/docs/reference/rest). Their values are neither read nor compared. */
export function secretProvider(connection: Connection): Provider<'secret'> {
  const client = secretsClient(connection);
  const parent = `projects/${connection.project}`;
  const nameOf = (secret: string) => `${parent}/secrets/${secret}`;
  return {
    async read({ name }) {
      const found = await ignoreNotFound(`read secret ${name}`, () =>
        client.getSecret({ name: nameOf(name) }),
      );
      return found && { hasVersion: await hasVersion(name) };
    },
    async create({ name }) {
      await mapErrors(`create secret ${name}`, () =>
        client.createSecret({ parent, secretId: name, secret: { replication: { automatic: {} } } }),
      );
      await addVersion(client, nameOf(name), NOTHING);
    },
    async update({ name }) {
      await addVersion(client, nameOf(name), NOTHING);
    },
    async remove({ name }) {
      await ignoreNotFound(`delete secret ${name}`, () => client.deleteSecret({ name: nameOf(name) }));
    },
  };

  async function hasVersion(name: string): Promise<boolean> {
    const latest = `${nameOf(name)}/versions/latest`;
    const found = await ignoreNotFound(`read the versions of secret ${name}`, () =>
      client.getSecretVersion({ name: latest }),
    );
    return found?.[0].state === 'ENABLED';
  }
}

/**
 * Makes `value` the newest version of a secret, and destroys the ones before it: what was replaced is of no use any more. The value
 * appears in no message.
 */
export async function replaceSecret(
  client: SecretManagerServiceClient,
  secret: string,
  value: string,
): Promise<void> {
  const [before] = await withDeadline(`list the versions of ${secret}`, () =>
    client.listSecretVersions({ parent: secret }),
  );
  await addVersion(client, secret, value);
  for (const { name, state } of before) {
    if (name && state !== 'DESTROYED')
      await withDeadline(`destroy ${name}`, () => client.destroySecretVersion({ name }));
  }
}

async function addVersion(client: SecretManagerServiceClient, secret: string, value: string): Promise<void> {
  await mapErrors(`add a version to ${secret}`, () =>
    client.addSecretVersion({ parent: secret, payload: { data: Buffer.from(value) } }),
  );
}
