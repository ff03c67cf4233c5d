import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { startRun } from '../../../functions/start-run/start-run.ts';
import { DEFAULT_SERVICE_ACCOUNT } from '../../../local/compute/guest-facts.ts';
import { CloudClock } from '../../../local/core/clock.ts';
import { Faults } from '../../../local/core/faults.ts';
import { PROJECT_NUMBER } from '../../../local/core/project.ts';
import { listen } from '../../../local/http/service.ts';
import { createMetadataServer } from '../../../local/metadata/metadata-server.ts';
import { fixedMetadata } from '../../../local/metadata/source.ts';
import { createPubSub } from '../../../local/pubsub/pubsub.ts';
import { configSchema } from '../../../shared/config/schema.ts';
import { claimName } from '../../../shared/model/layout.ts';
import { TOPICS, topicName } from '../../../shared/model/topics.ts';
import { FakeInstance } from '../../fakes/fake-instance.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { RecordingNotifier } from '../../fakes/world.ts';
import type { TestBucket } from './bucket.ts';

const PROJECT = 'vicinity-local';
/** Its topic `vicinity-run` exists, and nobody listens to it. */
export const SILENT_PROJECT = 'silent-project';

export interface ControlPlane {
  /** For the command's environment. */
  env: Record<string, string>;
  instance: FakeInstance;
}

/** The local cloud's Pub/Sub, with the real start-run behind the topic `vicinity-run`; its VM claims and then works for ever. */
export async function startControlPlane({ objects, beforeClose }: TestBucket): Promise<ControlPlane> {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'vicinity-pubsub-'));
  const clock = new CloudClock();
  const context = { clock, faults: new Faults(), onCall() {} };
  const runClock = new ManualClock();
  const instance = new FakeInstance(runClock);
  const plane: ControlPlane = { env: {}, instance };
  const config = configSchema.parse({ params: { STATES: { pattern: '[a-z]+' } } });
  const dependencies = {
    objects,
    instance,
    notifier: new RecordingNotifier(),
    clock: runClock,
    randomId: () => crypto.randomUUID(),
    finishedTopic: topicName(PROJECT, TOPICS.finished),
    log() {},
  };
  instance.onBoot = ({ metadata: { RUN_ID = '', ATTEMPT } }) => {
    const claim = { by: 'vm', bootId: 'boot', claimedAt: runClock.now().toISOString() };
    objects.put(claimName(RUN_ID, Number(ATTEMPT)), JSON.stringify(claim));
  };
  const handled: Promise<void>[] = [];
  const functions = createServer(async (request, response) => {
    const work = startRun(dependencies, config, (await json(request)) as object);
    handled.push(work);
    await work;
    response.writeHead(204).end();
  });
  const account = {
    project: { projectId: PROJECT, numericProjectId: PROJECT_NUMBER, attributes: {} },
    serviceAccount: DEFAULT_SERVICE_ACCOUNT,
  };
  const metadata = createMetadataServer(fixedMetadata(account), context);
  const pubsub = createPubSub({ stateDir, context });
  pubsub.ensureTopic(topicName(PROJECT, TOPICS.run));
  pubsub.ensureTopic(topicName(SILENT_PROJECT, TOPICS.run));
  pubsub.ensureSubscription({
    name: `projects/${PROJECT}/subscriptions/start-run`,
    topic: topicName(PROJECT, TOPICS.run),
    pushConfig: { pushEndpoint: `http://127.0.0.1:${await listen(functions, 0)}/` },
  });
  process.env.GCE_METADATA_HOST = `127.0.0.1:${await listen(metadata, 0)}`;
  plane.env = { PUBSUB_EMULATOR_HOST: `127.0.0.1:${await pubsub.listen(0)}` };
  beforeClose.push(async () => {
    await pubsub.close();
    await Promise.all(handled);
    for (const server of [functions, metadata]) closeServer(server);
    clock.close();
    rmSync(stateDir, { recursive: true, force: true });
  });
  return plane;
}

function closeServer(server: Server): void {
  server.closeAllConnections();
  server.close();
}
