import { auth, iam, type iam_v1 } from '@googleapis/iam';
import { type Connection, endpointOf } from './connection.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** IAM's own API: accounts and roles. */
export function iamClient(connection: Connection): iam_v1.Iam {
  const endpoint = endpointOf(connection, 'IAM');
  const credentials = new auth.GoogleAuth({ scopes: SCOPE, projectId: connection.project });
  return iam({ version: 'v1', auth: credentials, ...(endpoint && { rootUrl: `${endpoint}/` }) });
}
