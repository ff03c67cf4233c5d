import { isDeepStrictEqual } from 'node:util';
import { withBindings } from '../../deploy/plan/policy.ts';
import type { Kind, Resource, ResourceOf } from '../../deploy/table/resource.ts';
import type { Cloud } from '../../local/cloud.ts';
import { webhookUrl } from '../../local/endpoints.ts';
import type { Policy } from '../../local/iam/policy.ts';
import { BOT_TOKEN } from '../../local/slack/bot-api.ts';
import type { Config } from '../../shared/config/schema.ts';
import { bucketBody, instanceBody, jobBody, subscriptionBody } from './bodies.ts';
import { policyName } from './policy-names.ts';

export interface Provisioned {
  config: Config;
  cloud: Cloud;
}

type Create = { [K in Kind]: (resource: ResourceOf<K>, parts: Provisioned) => void };

/** How each kind of the table comes into the emulator. Everything is created in process: an API call each would double the start-up time. */
const CREATE: Create = {
  api: ({ name }, { cloud }) => cloud.project.services.ensureEnabled(name),
  account: ({ name, properties }, { cloud }) => cloud.project.directory.accounts.ensure(name, properties),
  role: ({ name, properties: { title, permissions } }, { cloud }) =>
    cloud.project.directory.roles.ensure(name, { title, includedPermissions: permissions, stage: 'GA' }),
  bucket: (resource, { cloud }) => cloud.storage.ensureBucket(resource.name, bucketBody(resource)),
  topic: ({ name }, { config, cloud }) =>
    cloud.pubsub.ensureTopic(`projects/${config.project}/topics/${name}`),
  subscription: (resource, { config, cloud }) =>
    cloud.pubsub.ensureSubscription(subscriptionBody(resource, config, cloud.endpoints)),
  secret: ({ name }, parts) => setWebhook(name, parts),
  instance: (resource, { config, cloud: { compute } }) => {
    const wanted = instanceBody(resource, config);
    const instance = compute.define(config.zone, wanted);
    const kept = instance.metadata.filter(({ key }) => key !== 'startup-script');
    instance.metadata = [...kept, { key: 'startup-script', value: resource.input.startupScript }];
    compute.store.save();
  },
  // Served from the working tree since the start (revisions.ts).
  function: () => {},
  grants: ({ input: { target, bindings } }, { config, cloud }) => {
    const { policies } = cloud.project.directory;
    const resource = policyName(target, config);
    const policy = policies.get(resource);
    const wanted = withBindings({ ...policy }, bindings);
    if (!isDeepStrictEqual(policy.bindings, wanted.bindings)) policies.set(resource, wanted as Policy);
  },
  // Whether a job is paused is a person's choice, and stays.
  schedule: (resource, { config, cloud }) => cloud.scheduler.jobs.ensure(jobBody(resource, config)),
};

/** Creates the resources of the table, or brings existing ones up to date. */
export function provision(resources: Resource[], parts: Provisioned): void {
  for (const resource of resources) create(resource, parts);
}

function create<K extends Kind>(resource: ResourceOf<K>, parts: Provisioned): void {
  CREATE[resource.kind](resource, parts);
}

/** The address of the local webhook, or the bot's token where a channel is configured. A secret that a person has set stays. */
function setWebhook(name: string, { config, cloud: { project, endpoints } }: Provisioned): void {
  const { secrets } = project;
  const wanted = config.slack.channel ? BOT_TOKEN : webhookUrl(endpoints);
  const current = secrets.ensure(name, { replication: { automatic: {} } });
  const isOurs = current === undefined || current === BOT_TOKEN || current.startsWith('http://127.0.0.1:');
  if (isOurs && current !== wanted)
    secrets.addVersion(name, { data: Buffer.from(wanted).toString('base64') });
}
