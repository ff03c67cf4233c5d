import { PubSub } from '@google-cloud/pubsub';
import type { Providers } from '../plan/provider.ts';
import { accountProvider } from './accounts.ts';
import { apiProvider } from './apis.ts';
import { bucketProvider } from './bucket.ts';
import type { Connection } from './connection.ts';
import { functionProvider, functionUrls } from './functions.ts';
import { grantProvider } from './grants.ts';
import { instanceProvider } from './instance.ts';
import { policies } from './policies.ts';
import { roleProvider } from './roles.ts';
import { scheduleProvider } from './schedules.ts';
import { secretProvider } from './secret.ts';
import { subscriptionProvider } from './subscriptions.ts';
import { topicProvider } from './topics.ts';

/** The table's resources, through Google's own clients. */
export function googleProviders(connection: Connection): Providers {
  const { project } = connection;
  const pubsub = new PubSub({ projectId: project });
  return {
    api: apiProvider(connection),
    account: accountProvider(connection),
    role: roleProvider(connection),
    bucket: bucketProvider(connection),
    topic: topicProvider(pubsub),
    secret: secretProvider(connection),
    instance: instanceProvider(connection),
    function: functionProvider(connection),
    grants: grantProvider(policies(connection, pubsub)),
    subscription: subscriptionProvider(pubsub, project, functionUrls(connection)),
    schedule: scheduleProvider(connection),
  };
}
