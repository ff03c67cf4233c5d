import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PubSub } from '@google-cloud/pubsub';
import { BOT_TOKEN } from '../../../local/slack/bot-api.ts';
import { storageObjects } from '../../../shared/google/storage-objects.ts';
import { finalName } from '../../../shared/model/layout.ts';
import { loadPicture } from '../../../shared/report/picture.ts';
import { startDeployment } from '../../deploy/support/deployment.ts';
import { eventually } from '../../e2e/harness.ts';
import { objectsOf, SAMPLE_RUNS, statusOf } from '../../fakes/sample-history.ts';

const CHANNEL = `
slack:
  channel: "#vicinity"
`;

test('a deployed function draws the picture of a run as the checkout does, byte by byte', {
  timeout: 120_000,
}, async () => {
  await using project = await startDeployment({ adopted: true, settings: CHANNEL });
  assert.equal((await project.deploy(['apply', '--yes'])).code, 0);
  assert.equal((await project.deploy(['secret'], BOT_TOKEN)).code, 0);
  const { bucket, project: id } = project.cloud.config;
  const objects = storageObjects(bucket, id);
  const [sample] = SAMPLE_RUNS;
  assert.ok(sample);
  const status = statusOf(sample, bucket);
  const { runId } = status;
  for (const [name, text] of Object.entries(objectsOf(sample))) await objects.put(name, text);
  const { verdict, attempt, finishedAt } = status;
  const final = { runId, status: 'succeeded', verdict, attempt, finishedAt };
  await objects.put(finalName(runId), JSON.stringify(final));

  const pubsub = new PubSub({ projectId: id });
  await pubsub.topic('vicinity-run-finished').publishMessage({ json: { runId } });
  await pubsub.close();
  const { path } = await eventually('the picture', async () => {
    const pictures = project.cloud.slack.messages().flatMap(({ picture }) => picture ?? []);
    return pictures[0];
  });
  const sent = await fetch(`${project.cloud.env().VICINITY_LOCAL_SLACK}${path}`);
  const drawn = await loadPicture(objects, status);
  assert.ok(drawn);
  assert.ok(drawn.equals(Buffer.from(await sent.arrayBuffer())));
  // 960 by 440, half as large again (https://www.w3.org/TR/png-3/#11IHDR).
  assert.deepEqual([drawn.readUInt32BE(16), drawn.readUInt32BE(20)], [1440, 660]);
});
