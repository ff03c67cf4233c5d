import type { Needs, Resource } from '../http/access.ts';
import { inProject, serviceAccount, serviceOf } from '../iam/resources.ts';
import type { PushConfig, Subscription, SubscriptionRequest, Topic } from './resources.ts';

const SERVICE = 'pubsub.googleapis.com';

/** The name under which the policy of a topic or subscription is kept. */
export function policyName(name: string): string {
  return `//${SERVICE}/${name}`;
}

/** A topic or a subscription, by its name, as IAM sees it. */
export function pubsubResource(name: string): Resource {
  const [, project = '', collection] = name.split('/');
  return inProject(project, SERVICE, collection === 'topics' ? 'Topic' : 'Subscription', name, name);
}

/** Whether Pub/Sub's own account has a permission. */
export type AgentMay = (permission: string, resource: Resource) => boolean;

interface AnyRequest {
  name?: string;
  project?: string;
  resource?: string;
  topic?: string | Topic;
  subscription?: string | SubscriptionRequest;
  pushConfig?: PushConfig;
}

/** The methods that need one permission of the same name, on the resource that they name. */
const OF_TOPIC = ['get', 'delete', 'publish'];
const OF_SUBSCRIPTION = ['get', 'delete'];
const CONSUMING = ['pull', 'streamingPull', 'acknowledge', 'modifyAckDeadline'];

/** The state as far as permissions depend on it. */
interface Subscriptions {
  subscriptions: { get(name: string): { topic: string } };
}

/**
 * What a call needs (https://cloud.google.com/pubsub/docs/access-control#permissions_and_roles). `operation` is the name without
 * `pubsub.projects.`; that of an IAM call over gRPC is the same for topics and subscriptions.
 */
export function pubsubNeeds(operation: string, request: AnyRequest, { subscriptions }: Subscriptions): Needs {
  const [collection = '', method = ''] = operation.split('.');
  const topic = nameIn(request.topic) ?? request.name ?? '';
  const subscription = nameIn(request.subscription) ?? request.name ?? '';
  const on = (permission: string, name: string): Needs => [[`pubsub.${permission}`, pubsubResource(name)]];
  if (method === 'testIamPermissions') return [];
  if (method.endsWith('IamPolicy')) {
    const { resource = '' } = request;
    return on(`${resource.split('/')[2]}.${method}`, resource);
  }
  if (method === 'list') return inTheProject(`${collection}.list`, request.project ?? '');
  if (operation === 'topics.create') return inTheProject('topics.create', projectOf(topic));
  if (operation === 'topics.patch') return on('topics.update', topic);
  if (operation === 'topics.subscriptions.list') return on('topics.get', topic);
  if (collection === 'topics' && OF_TOPIC.includes(method)) return on(operation, topic);
  if (CONSUMING.includes(method)) return on('subscriptions.consume', subscription);
  if (OF_SUBSCRIPTION.includes(method)) return on(operation, subscription);
  if (method === 'detach') return on('topics.detachSubscription', subscriptions.get(subscription).topic);
  const changed = typeof request.subscription === 'object' ? request.subscription : (request as Subscription);
  const actAs = pushingAs(projectOf(subscription), changed.pushConfig);
  if (method === 'patch' || method === 'modifyPushConfig')
    return [...on('subscriptions.update', subscription), ...actAs];
  return [
    ...inTheProject('subscriptions.create', projectOf(subscription)),
    ...on('topics.attachSubscription', topic),
    ...actAs,
  ];
}

function inTheProject(permission: string, project: string): Needs {
  return [[`pubsub.${permission}`, serviceOf(project.replace('projects/', ''), SERVICE)]];
}

/** Who lets Pub/Sub push in an account's name must be allowed to act as it. */
function pushingAs(project: string, pushConfig: PushConfig | undefined): Needs {
  const email = pushConfig?.oidcToken?.serviceAccountEmail;
  return email ? [['iam.serviceAccounts.actAs', serviceAccount(project, email)]] : [];
}

function nameIn(named: string | { name: string } | undefined): string | undefined {
  return typeof named === 'object' ? named.name : named;
}

function projectOf(name: string): string {
  return name.split('/')[1] ?? '';
}
