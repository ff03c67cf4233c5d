import { type protos, ZoneOperationsClient } from '@google-cloud/compute';
import { TransientError } from '../../shared/errors.ts';
import { retrying } from '../../shared/google/retry.ts';
import { type Connection, restOptions } from './connection.ts';
import { once } from './once.ts';

type Operation = protos.google.cloud.compute.v1.IOperation;

const DEADLINE_MS = 5 * 60_000;

/** Issues calls of Compute Engine and waits until what they began is done. An error of the operation is thrown. */
export function zoneOperations(connection: Connection) {
  const { fallback: _, ...options } = restOptions(connection, 'COMPUTE');
  const client = new ZoneOperationsClient(options);
  const { project, zone, clock } = connection;
  return async (subject: string, request: () => Promise<[{ latestResponse: unknown }, ...unknown[]]>) => {
    const [response] = await once(subject, request);
    let operation = response.latestResponse as Operation;
    const deadline = clock.now().getTime() + DEADLINE_MS;
    while (operation.status !== 'DONE') {
      if (clock.now().getTime() > deadline)
        throw new TransientError(`${subject}: operation ${operation.name} is not done after 5 min.`);
      // The server holds this call for up to two minutes: it is the backoff.
      const wait = { project, zone, operation: operation.name ?? '' };
      [operation] = await retrying(`${subject}: wait`, () => client.wait(wait));
    }
    const [failure] = operation.error?.errors ?? [];
    if (failure) throw new Error(`${subject}: ${failure.message} (${failure.code})`, { cause: failure });
  };
}
