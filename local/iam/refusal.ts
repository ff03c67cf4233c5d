import { PROJECT_NUMBER } from '../core/project.ts';
import type { Resource } from '../http/access.ts';
import { ApiError } from '../http/api-error.ts';
import type { Principal } from './principal.ts';

/** Each service refuses in words of its own. */
const WORDS: Record<string, (email: string, permission: string, resource: Resource) => string> = {
  'storage.googleapis.com': (email, permission, { type }) =>
    `${email} does not have ${permission} access to the Google Cloud Storage ${type.endsWith('/Object') ? 'object' : 'bucket'}. ` +
    `Permission '${permission}' denied on resource (or it may not exist).`,
  'compute.googleapis.com': (_, permission, { name }) => `Required '${permission}' permission for '${name}'`,
  'iam.googleapis.com': (_, permission, { name }) =>
    permission === 'iam.serviceAccounts.actAs'
      ? `Permission '${permission}' denied on service account ${name.split('/').at(-1)} (or it may not exist).`
      : `Permission '${permission}' denied on resource (or it may not exist).`,
};

export function refusal(principal: Principal, permission: string, resource: Resource): ApiError {
  const words = WORDS[resource.type.split('/', 1)[0] ?? ''] ?? inGeneral;
  const email = principal.slice(principal.indexOf(':') + 1);
  return new ApiError(403, 'forbidden', words(email, permission, resource));
}

/** https://cloud.google.com/service-usage/docs/enable-disable */
export function serviceDisabled(service: string, project: string): ApiError {
  return new ApiError(
    403,
    'accessNotConfigured',
    `${service} has not been used in project ${PROJECT_NUMBER} before or it is disabled. Enable it with: ` +
      `gcloud services enable ${service} --project=${project}`,
  );
}

function inGeneral(_: string, permission: string, { name }: Resource): string {
  return `Permission '${permission}' denied on resource '${name}' (or it may not exist).`;
}
