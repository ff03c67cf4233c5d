import { ZoneOperationsClient } from '@google-cloud/compute';
import { type Operation, throwFailure, untilDone } from '../../shared/google/operations.ts';
import { withRetry } from '../../shared/google/with-retry.ts';
import { type Connection, computeOptions } from './connection.ts';
import { mapErrors } from './map-errors.ts';

const DEADLINE_MS = 5 * 60_000;

/** Issues calls of Compute Engine and waits until what they began is done. An error of the operation is thrown. */
export function zoneOperations(connection: Connection) {
  const options = computeOptions(connection);
  const client = new ZoneOperationsClient(options);
  const { project, zone, clock } = connection;
  return async (subject: string, request: () => Promise<[{ latestResponse: unknown }, ...unknown[]]>) => {
    const [response] = await mapErrors(subject, request);
    const done = await untilDone(response.latestResponse as Operation, {
      clock,
      deadlineMs: DEADLINE_MS,
      late: ({ name }) => `${subject}: operation ${name} is not done after 5 min.`,
      wait: async (operation) =>
        (await withRetry(`${subject}: wait`, () => client.wait({ project, zone, operation })))[0],
    });
    throwFailure(subject, done);
  };
}
