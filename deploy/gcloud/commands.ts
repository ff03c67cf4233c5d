import { shellWord } from '../../shared/shell-word.ts';
import { storedRule } from '../plan/lifecycle.ts';
import { emailOf } from '../table/names.ts';
import type { BucketProperties, Json, Kind } from '../table/resource.ts';
import type { CommandsOf } from './deployment.ts';
import { functionCommands } from './function.ts';
import { grantCommands } from './grants.ts';
import { instanceCommands } from './instance.ts';
import { scheduleCommands, subscriptionCommands } from './messaging.ts';
import { commandLines, fileFlag, fileLines, pairs } from './shell.ts';

/** The gcloud commands of each kind of resource; services are turned on together. */
export const resourceCommands: { [K in Exclude<Kind, 'api'>]: CommandsOf<K> } = {
  topic: (_change, { name }) => commandLines(`gcloud pubsub topics create ${name}`),
  account: ({ action }, { name, properties }, { project }) =>
    action === 'create'
      ? commandLines(`gcloud iam service-accounts create ${name}`, [
          `--display-name=${shellWord(properties.displayName)}`,
        ])
      : commandLines(`gcloud iam service-accounts update ${emailOf(name, project)}`, [
          `--display-name=${shellWord(properties.displayName)}`,
        ]),
  role: ({ action }, { name, properties }, { project }) =>
    commandLines(`gcloud iam roles ${action} ${name}`, [
      `--project=${shellWord(project)}`,
      `--title=${shellWord(properties.title)}`,
      `--permissions=${properties.permissions.join(',')}`,
      '--stage=GA',
    ]),
  bucket: ({ action, observed }, { name, properties, input }) => [
    ...fileLines('lifecycle.json', lifecycleJson(properties, observed?.otherLifecycle)),
    ...(action === 'create'
      ? commandLines(`gcloud storage buckets create gs://${name}`, [`--location=${input.location}`])
      : []),
    ...commandLines(`gcloud storage buckets update gs://${name}`, [
      properties.uniformAccess ? '--uniform-bucket-level-access' : '--no-uniform-bucket-level-access',
      '--public-access-prevention',
      properties.softDeleteDays === 0
        ? '--clear-soft-delete'
        : `--soft-delete-duration=${properties.softDeleteDays}d`,
      fileFlag('--lifecycle-file', 'lifecycle.json'),
      `--update-labels=${pairs(properties.labels)}`,
    ]),
  ],
  secret: ({ action }, { name }) => [
    ...(action === 'create'
      ? commandLines(`gcloud secrets create ${name}`, ['--replication-policy=automatic'])
      : []),
    // Means no notifications until vicinity deploy secret sets the webhook.
    `printf 'none\\n' | gcloud secrets versions add ${name} --data-file=-`,
  ],
  function: functionCommands,
  instance: instanceCommands,
  subscription: subscriptionCommands,
  schedule: scheduleCommands,
  grants: grantCommands,
};

/** The file replaces every rule of the bucket, so it also holds the rules of the bucket's owner. */
function lifecycleJson({ lifecycle }: BucketProperties, otherLifecycle: Json[] = []): string {
  return JSON.stringify({ rule: [...otherLifecycle, ...lifecycle.map(storedRule)] }, undefined, 2);
}
