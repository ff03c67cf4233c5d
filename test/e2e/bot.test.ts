import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { notifiedName } from '../../shared/model/layout.ts';
import { startSystem } from './harness.ts';

/** The whole system with a channel configured: a bot posts. */
const system = await startSystem({ settings: 'slack: { channel: "#pipeline" }\n' });
after(() => system[Symbol.asyncDispose]());

test('a run has one message, from its start to its end', async () => {
  const messageId = await system.publish('vicinity-run', { data: { target: 'slow', requestedBy: 'ada' } });
  const runId = await system.runOf(messageId);
  await system.finished(runId);
  const [main, ...thread] = system.cloud.slack.messages();
  assert.match(main?.text ?? '', /^slow succeeded in \d+ s$/);
  assert.equal(main?.isEdited, true);
  assert.match(thread[0]?.text ?? '', /^slow succeeded in \d+ s$/);
  for (const reply of thread) assert.equal(reply.thread_ts, main?.ts);
  const noted = await system.objects.read(notifiedName(runId, 'started'));
  const { at: _, ...told } = JSON.parse(noted?.text ?? '{}');
  assert.deepEqual(told, { resend: false, delivered: true });
});
