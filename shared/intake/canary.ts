import { type CanaryAnswer, canaryName, canarySchema } from '../model/canary.ts';
import { parseJson } from '../parse-json.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { toText } from '../records/documents.ts';
import { decodeEvent, type Event } from './decode-event.ts';

/**
 * Answers a canary, whichever function gets it: that it arrived, and that the bucket can be written, is what the answer shows by being
 * there. Returns false for any other message. Nothing of a run is touched.
 */
export async function answerCanary(
  { objects, instance, clock }: Dependencies,
  functionName: string,
  hasWebhook: () => Promise<boolean>,
  event: Event,
): Promise<boolean> {
  const { data } = decodeEvent(event, clock.now());
  if (!data.includes('canary')) return false;
  const canary = canarySchema.safeParse(parseJson(data));
  if (!canary.success) return false;
  const answer: CanaryAnswer = {
    function: functionName,
    at: clock.now().toISOString(),
    instance: await instance.read().then(
      ({ status }) => status,
      ({ message }: Error) => message,
    ),
    webhook: (await hasWebhook()) ? 'present' : 'absent',
  };
  await objects.put(canaryName(canary.data.id, functionName), toText(answer));
  return true;
}
