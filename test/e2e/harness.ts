import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PubSub } from '@google-cloud/pubsub';
import type { SlackMessage } from '../../local/slack/message.ts';
import { plainText } from '../../local/slack/mrkdwn.ts';
import { renderText } from '../../local/slack/terminal.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../sandbox/local-cloud.ts';
import { nspawnMode } from '../../sandbox/nspawn.ts';
import { CHANNEL } from '../../sandbox/workspace.ts';
import { vicinity } from '../../scripts/start/vicinity.ts';
import { functionsFolder, startupScript } from '../../shared/artifacts/parts.ts';
import { loadConfig } from '../../shared/config/load.ts';
import { storageObjects } from '../../shared/google/storage-objects.ts';
import { notifiedName, RUNS, runIdOfName, specName, statusName } from '../../shared/model/layout.ts';
import { type Status, statusSchema } from '../../shared/model/status.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import { deploy } from './deployed.ts';
import { makePipeline, type Pipeline } from './pipeline.ts';
import { startSubstitutes } from './substitutes.ts';

const DEADLINE_MS = 120_000;

/**
 * The whole system as `vicinity deploy` sets it up: a local cloud that enforces permissions, the deployed functions, the startup
 * script, and a pipeline whose source is pushed.
 */
export interface System extends AsyncDisposable {
  cloud: LocalCloud;
  /** Where the cloud keeps its state, and the functions' logs. */
  stateDir: string;
  objects: ObjectStore;
  pipeline: Pipeline;
  client: ReturnType<typeof vicinity>;
  /** Publishes through the official client, as a user's program would; resolves with the message id. */
  publish(
    topic: string,
    message: { data?: object | string; attributes?: Record<string, string> },
  ): Promise<string>;
  /** The id of the run that the message became. */
  runOf(messageId: string): Promise<string>;
  status(runId: string): Promise<Status | undefined>;
  /** The status once it fulfils the condition. Fails after two minutes, with the last one seen. */
  until(runId: string, condition: (status: Status) => boolean): Promise<Status>;
  /** The status of a finished run that people were told of and whose VM was seen off. */
  finished(runId: string): Promise<Status>;
  /** Resolves once the VM is off. */
  vmOff(): Promise<void>;
  /** Slack messages about a run or with a text, as a person reads them. */
  slack(about: string): string[];
  /** The same of a run, without the closing message, which there is where its VM was still on when its end was told. */
  slackBeforeOff(runId: string): string[];
}

export interface SystemOptions {
  /** What the VM runs, given the file that is to list what it did; the real startup script unless told. */
  startup?: (executionsFile: string) => string;
  /** Lines for the pipeline's vicinity.yaml. */
  settings?: string;
}

export async function startSystem({ startup, settings = '' }: SystemOptions = {}): Promise<System> {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-e2e-'));
  const pipeline = makePipeline(directory, settings);
  const config = loadConfig({
    text: readFileSync(join(pipeline.directory, 'vicinity.yaml'), 'utf8'),
    env: {},
  });
  const [bundles, script] = await Promise.all([functionsFolder(), startupScript()]);
  const stateDir = join(directory, 'state');
  const vmHost = await testedVmHost(pipeline.executionsFile);
  const substitutes = await startSubstitutes();
  // Other people's programs know nothing of permissions.
  const enforced = Object.keys(substitutes.endpoints).length === 0;
  const cloud = await startLocalCloud({
    ...(vmHost && { vmHost }),
    substitutes: substitutes.endpoints,
    empty: enforced,
    iam: enforced,
    stateDir,
    portBase: 0,
    config,
    functionsDir: bundles,
    startupScript: script,
  });
  Object.assign(process.env, cloud.env());
  if (enforced) await deploy(cloud, pipeline.directory);
  else await substitutes.furnish(config, cloud.endpoints);
  if (startup) setStartupScript(cloud, startup(pipeline.executionsFile));
  const objects = storageObjects(config.bucket, config.project);
  const pubsub = new PubSub({ projectId: config.project });
  const client = vicinity({
    cwd: pipeline.directory,
    env: cloud.env(),
    signal: new AbortController().signal,
    output: process.stderr,
  });
  await client.must('push');
  const runOfMessage = new Map<string, string>();

  return {
    cloud,
    stateDir,
    objects,
    pipeline,
    client,
    publish,
    runOf,
    status,
    until,
    finished,
    vmOff,
    slack,
    slackBeforeOff: (runId) => slack(runId).filter((text) => !text.includes(`${config.instance} is off: `)),
    [Symbol.asyncDispose]: end,
  };

  function publish(
    topic: string,
    { data, attributes = {} }: Parameters<System['publish']>[1],
  ): Promise<string> {
    const text = data === undefined ? '' : typeof data === 'string' ? data : JSON.stringify(data);
    return pubsub.topic(topic).publishMessage({ data: Buffer.from(text), attributes });
  }

  function runOf(messageId: string): Promise<string> {
    return eventually(`a run of message ${messageId}`, async () => {
      await readNewSpecs();
      return runOfMessage.get(messageId);
    });
  }

  async function readNewSpecs(): Promise<void> {
    const known = new Set(runOfMessage.values());
    for (const folder of await objects.listFolders({ prefix: RUNS })) {
      const runId = runIdOfName(folder);
      if (runId === undefined || known.has(runId)) continue;
      const spec = await objects.read(specName(runId));
      if (spec) runOfMessage.set(JSON.parse(spec.text).messageId, runId);
    }
  }

  async function status(runId: string): Promise<Status | undefined> {
    const stored = await objects.read(statusName(runId));
    return stored && statusSchema.parse(JSON.parse(stored.text));
  }

  function until(runId: string, condition: (status: Status) => boolean): Promise<Status> {
    return eventually(
      `run ${runId}`,
      async () => {
        const current = await status(runId);
        return current && condition(current) ? current : undefined;
      },
      () => status(runId),
    );
  }

  async function finished(runId: string): Promise<Status> {
    await eventually(
      `the notification of ${runId}`,
      () => objects.stat(notifiedName(runId, 'finished')),
      () => status(runId),
    );
    return until(runId, (current) => current.attempt === 0 || current.vm.terminatedSeenAt !== undefined);
  }

  async function vmOff(): Promise<void> {
    const { zone, instance } = cloud.config;
    await eventually(
      'the VM off',
      async () => cloud.compute.store.get(zone, instance).status === 'TERMINATED' || undefined,
    );
  }

  function slack(about: string): string[] {
    return cloud.slack
      .messages()
      .map(readable)
      .filter((text) => text.includes(about));
  }

  async function end(): Promise<void> {
    await pubsub.close();
    await cloud.close();
    await substitutes.end();
    rmSync(directory, { recursive: true, force: true });
    const { refused } = cloud.project.directory.usage.toJSON();
    assert.deepEqual(refused, [], 'The table of deploy/ does not grant what the system asks for.');
  }
}

function setStartupScript({ compute, config }: LocalCloud, script: string): void {
  const { metadata } = compute.store.get(config.zone, config.instance);
  const item = metadata.find(({ key }) => key === 'startup-script');
  if (item) item.value = script;
}

/** VICINITY_TEST_VM=nspawn boots a real Debian in place of a process-mode VM. Make reports to the file, on either. */
async function testedVmHost(executionsFile: string): Promise<LocalCloudOptions['vmHost']> {
  if (process.env.VICINITY_TEST_VM !== 'nspawn') return undefined;
  return nspawnMode({ progress: console.error, shared: [executionsFile] });
}

function readable(message: SlackMessage): string {
  return plainText(renderText(message, { colour: false, width: 1000, channel: CHANNEL }));
}

/** What `look` gives, as soon as it is something. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  last: () => Promise<unknown> = async () => undefined,
): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (let wait = 50; Date.now() < deadline; wait = Math.min(wait * 1.3, 300)) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(wait);
  }
  throw new Error(`${what}: not seen within ${DEADLINE_MS / 1000} s. Last: ${JSON.stringify(await last())}`);
}
