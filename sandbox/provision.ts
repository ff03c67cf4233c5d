import type { Compute } from '../local/compute/compute.ts';
import type { Endpoints } from '../local/endpoints.ts';
import { FUNCTIONS } from '../local/functions/catalogue.ts';
import type { Project } from '../local/project.ts';
import type { PubSub } from '../local/pubsub/pubsub.ts';
import type { JobRequest } from '../local/scheduler/job.ts';
import type { Storage } from '../local/storage/storage.ts';
import type { Config } from '../shared/config/schema.ts';
import { TOPICS, topicName } from '../shared/model/topics.ts';
import { batchInstance, deadLetterSubscription, jobs, pushSubscription, VM_ACCOUNT } from './resources.ts';

export interface Provisioned {
  config: Config;
  endpoints: Endpoints;
  project: Project;
  storage: Storage;
  pubsub: PubSub;
  compute: Compute;
  /** The value of the instance's `startup-script` metadata; set anew each time. */
  startupScript: string;
}

/** Makes what `deploy/` makes on Google Cloud. What is there already stays, and is brought up to date. */
export async function provision(parts: Provisioned): Promise<void> {
  const { config, endpoints, storage, pubsub, compute, startupScript } = parts;
  const { project, zone, bucket } = config;
  parts.project.services.enableAll();
  parts.project.directory.accounts.ensure(VM_ACCOUNT, { displayName: 'Runs the jobs' });
  storage.ensureBucket(bucket);
  for (const topic of [...FUNCTIONS.map((spec) => spec.topic), TOPICS.deadLetter])
    pubsub.ensureTopic(topicName(project, topic));
  pubsub.ensureSubscription(deadLetterSubscription(project));
  for (const spec of FUNCTIONS)
    pubsub.ensureSubscription(pushSubscription(project, spec, endpoints.functions));
  const instance = compute.define(zone, batchInstance(config));
  const kept = instance.metadata.filter(({ key }) => key !== 'startup-script');
  instance.metadata = [...kept, { key: 'startup-script', value: startupScript }];
  compute.store.save();
  for (const job of jobs(config)) await ensureJob(job, endpoints.scheduler);
}

const CONFLICT = 409;

/** Through the API, like any client. A job of an earlier start is brought up to date; where a person has paused it, it stays so. */
async function ensureJob(job: JobRequest, scheduler: string): Promise<void> {
  const parent = job.name?.replace(/\/[^/]*$/, '');
  const created = await send('POST', `${scheduler}/v1/${parent}`, job);
  if (created.status === CONFLICT) await send('PATCH', `${scheduler}/v1/${job.name}`, job);
}

async function send(method: string, url: string, job: JobRequest): Promise<Response> {
  const response = await fetch(url, { method, body: JSON.stringify(job) });
  if (!response.ok && response.status !== CONFLICT)
    throw new Error(`The job ${job.name} could not be made: ${await response.text()}`);
  return response;
}
