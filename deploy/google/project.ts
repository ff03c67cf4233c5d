import { ServiceUsageClient } from '@google-cloud/service-usage';
import { NotFoundError } from '../../shared/errors.ts';
import { type Connection, restOptions } from './connection.ts';
import { withDeadline } from './with-deadline.ts';

/**
 * The number of the project, after which Google's own accounts in it are named. Service Usage tells it of any service, and is on in every
 * project, while Resource Manager has to be turned on first.
 */
export async function projectNumber(connection: Connection): Promise<string> {
  const client = new ServiceUsageClient(restOptions(connection, 'SERVICE_USAGE'));
  const { project } = connection;
  const name = `projects/${project}/services/pubsub.googleapis.com`;
  const [service] = await withDeadline(`read project ${project}`, () => client.getService({ name }));
  const [, number] = /^projects\/(\d+)/.exec(service.name || service.parent || '') ?? [];
  if (number) return number;
  throw new NotFoundError(`read project ${project}: Service Usage does not tell its number.`);
}
