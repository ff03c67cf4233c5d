import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Activity } from '../../activity.ts';
import { type Cloud, startCloud } from '../../cloud.ts';
import type { CloudOptions } from '../../cloud-options.ts';
import { hostEnvironment } from '../../functions/host-environment.ts';
import { STUBS, writeStubBundles } from '../functions/stub-bundles.ts';
import { stubRevisions } from '../functions/stub-revisions.ts';

export const PROJECT = 'test-project';
export const ZONE = 'us-east4-c';

/** Says hello on the console, and switches the machine off. */
export const HELLO = '#!/bin/bash\necho "hello from the VM"\nshutdown -P now\n';

/** A folder of its own for a test file, with stub bundles. */
export function workFolder(): { path: string; functionsDir: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'cloud-'));
  const functionsDir = writeStubBundles(join(path, 'bundles'));
  return { path, functionsDir, remove: () => rmSync(path, { recursive: true }) };
}

export interface TestCloudOptions extends Partial<CloudOptions> {
  stateDir: string;
  /** Holds the stub bundles; without it there are no functions. */
  functionsDir?: string;
}

/** An empty cloud on free ports. */
export function startEmptyCloud({ stateDir, functionsDir, ...options }: TestCloudOptions): Promise<Cloud> {
  const path = process.env.PATH ?? '';
  const environment = async () => hostEnvironment(join(stateDir, 'home'), path);
  const revisions = functionsDir ? stubRevisions(functionsDir, environment) : [];
  return startCloud({ stateDir, portBase: 0, project: PROJECT, revisions, ...options });
}

/** A cloud with a bucket, a stopped VM whose startup script is `script`, and each stub behind a topic and a schedule. */
export async function startTestCloud({
  script = HELLO,
  ...options
}: TestCloudOptions & { script?: string }): Promise<Cloud> {
  const cloud = await startEmptyCloud(options);
  const { storage, pubsub, compute, scheduler, endpoints } = cloud;
  storage.ensureBucket(PROJECT);
  compute.define(ZONE, {
    name: 'machine',
    machineType: `zones/${ZONE}/machineTypes/c4d-highcpu-32`,
    metadata: { items: [{ key: 'startup-script', value: script }] },
  });
  for (const { name, topic } of STUBS) {
    const topicName = `projects/${PROJECT}/topics/${topic}`;
    pubsub.ensureTopic(topicName);
    pubsub.ensureSubscription({
      name: `projects/${PROJECT}/subscriptions/${name}`,
      topic: topicName,
      ackDeadlineSeconds: 600,
      pushConfig: { pushEndpoint: `${endpoints.functions}/${name}/${topicName}` },
    });
    scheduler.jobs.ensure({
      name: `projects/${PROJECT}/locations/us-east4/jobs/${name}`,
      schedule: name === 'function-c' ? '*/10 * * * *' : '0 0 1 1 *',
      pubsubTarget: { topicName, attributes: { schedule: name } },
    });
  }
  return cloud;
}

/** Resolves with the first activity from now on that `wanted` picks. */
export function nextActivity(cloud: Cloud, wanted: (activity: Activity) => boolean): Promise<Activity> {
  return new Promise((resolve) => {
    cloud.onActivity((activity) => {
      if (wanted(activity)) resolve(activity);
    });
  });
}

export const becomes = (status: string) => (activity: Activity) =>
  activity.kind === 'instance' && activity.status === status;

export const answers = (name: string) => (activity: Activity) =>
  activity.kind === 'function' && activity.event.function === name;

export async function getJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  return (await (await fetch(url, init)).json()) as T;
}
