import { randomUUID } from 'node:crypto';
import { pubsubTopic } from '../../shared/google/pubsub-topic.ts';
import { storageObjects } from '../../shared/google/storage-objects.ts';
import { type CanaryAnswer, canaryAnswerSchema, canaryName } from '../../shared/model/canary.ts';
import { FUNCTIONS } from '../../shared/model/functions.ts';
import type { DeployCall } from '../../shared/ports/deploy-program.ts';
import { readDocument } from '../../shared/records/documents.ts';
import type { Finding } from './finding.ts';

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

/**
 * Publishes a canary on each topic that has a function, and waits for its answer in the bucket: so every hop is used but those of the
 * VM. What a function cannot reach is in its answer.
 */
export async function sendCanaries(call: DeployCall, waitSeconds: number): Promise<Finding[]> {
  const { config, env, clock, screen } = call;
  const id = randomUUID();
  const data = JSON.stringify({ action: 'canary', id });
  for (const { topic } of FUNCTIONS)
    await pubsubTopic(config.project, topic, env.PUBSUB_EMULATOR_HOST).publish({ data });
  const objects = storageObjects(config.bucket, config.project);
  const deadline = clock.now().getTime() + waitSeconds * 1000;
  const findings: Finding[] = [];
  for (const { name, target, topic } of FUNCTIONS) {
    screen.live.draw(`waiting for ${name} to answer a canary …`);
    const answer = await answered(target);
    findings.push(answer ? resultOf(name, topic, answer) : silent(name, topic, waitSeconds));
  }
  return findings;

  async function answered(target: string): Promise<CanaryAnswer | undefined> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      const answer = await readDocument(objects, canaryName(id, target), canaryAnswerSchema);
      if (answer || clock.now().getTime() + pause > deadline) return answer;
      await clock.sleep(pause);
    }
  }
}

/** Statuses of an instance; anything else in their place is the error that the function got. */
const STATUS = /^[A-Z_]+$/;

function resultOf(name: string, topic: string, { instance, webhook }: CanaryAnswer): Finding {
  const subject = `${topic} → ${name}`;
  if (!STATUS.test(instance))
    return {
      subject,
      problem: `the function cannot read the VM: ${instance}`,
      remedy: 'vicinity deploy apply',
    };
  const told = webhook === 'present' ? 'Slack webhook mounted' : 'no Slack webhook yet';
  return { subject, fine: `answered a canary; sees the VM ${instance}; ${told}` };
}

function silent(name: string, topic: string, waitSeconds: number): Finding {
  return {
    subject: `${topic} → ${name}`,
    problem: `no answer to a canary within ${waitSeconds} s`,
    remedy: `gcloud functions logs read ${name} --gen2`,
  };
}
