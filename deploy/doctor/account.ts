import { ProjectsClient } from '@google-cloud/resource-manager';
import { restOptions } from '../google/connection.ts';
import { withDeadline } from '../google/with-deadline.ts';
import type { Finding } from '../verify/finding.ts';
import type { Check } from './checks.ts';

/** What apply, verify and the command need, and the predefined role that has it. */
const NEEDED: Record<string, string> = {
  'serviceusage.services.enable': 'roles/serviceusage.serviceUsageAdmin',
  'iam.serviceAccounts.create': 'roles/iam.serviceAccountAdmin',
  'iam.serviceAccounts.actAs': 'roles/iam.serviceAccountUser',
  'iam.roles.create': 'roles/iam.roleAdmin',
  'resourcemanager.projects.setIamPolicy': 'roles/resourcemanager.projectIamAdmin',
  'storage.buckets.create': 'roles/storage.admin',
  'pubsub.topics.create': 'roles/pubsub.admin',
  'compute.instances.setMetadata': 'roles/compute.instanceAdmin.v1',
  'secretmanager.secrets.create': 'roles/secretmanager.admin',
  'cloudscheduler.jobs.create': 'roles/cloudscheduler.admin',
  'cloudfunctions.functions.create': 'roles/cloudfunctions.admin',
  'run.services.setIamPolicy': 'roles/run.admin',
};

/** The rights of the account that calls, on the project. */
export const checkAccount: Check = async ({ call: { config }, connection }) => {
  const client = new ProjectsClient(restOptions(connection, 'RESOURCE_MANAGER'));
  const resource = `projects/${config.project}`;
  const permissions = Object.keys(NEEDED);
  const [answer] = await withDeadline(`test permissions on ${resource}`, () =>
    client.testIamPermissions({ resource, permissions }),
  );
  const missing = permissions.filter((permission) => !answer.permissions?.includes(permission));
  if (missing.length === 0) return [{ subject: 'account', fine: 'has every right that deploy needs' }];
  return missing.map(
    (permission): Finding => ({
      subject: 'account',
      problem: `lacks ${permission}`,
      remedy: `gcloud projects add-iam-policy-binding ${config.project} --member=user:YOU --role=${NEEDED[permission]}`,
    }),
  );
};
