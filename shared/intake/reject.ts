import type { ValidationIssue } from '../errors.ts';
import { rejectedName } from '../model/layout.ts';
import type { Message } from '../model/message.ts';
import { type Rejected, rejectedSchema } from '../model/rejected.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { readIfValid, toText } from '../records/documents.ts';
import { redact } from '../redact.ts';

const MAX_TEXT = 2000;

/**
 * Answers a bad request: records it under rejected/, without what looks like a secret, and tells people. A redelivery of the same message tells nobody twice. Throws
 * TransientError where Slack cannot be reached now; the record is there by then.
 */
export async function reject(deps: Dependencies, message: Message, issues: ValidationIssue[]): Promise<void> {
  const { objects, notifier, clock, log } = deps;
  const name = rejectedName(message.messageId);
  const fresh: Rejected = {
    messageId: message.messageId,
    publishedAt: message.publishedAt,
    rejectedAt: clock.now().toISOString(),
    faults: issues.map(withoutSecrets),
    request: textOf(message),
    notified: false,
  };
  const isFirst = (await objects.create(name, toText(fresh))) === 'created';
  const record = isFirst ? fresh : ((await readIfValid(objects, name, rejectedSchema)) ?? fresh);
  if (record.notified) return;
  log({ message: 'A request was refused.', messageId: message.messageId, issues: record.faults });
  const { messageId, request } = record;
  await notifier.notify({ event: 'rejected', messageId, issues: record.faults, request, resend: !isFirst });
  await objects.put(name, toText({ ...record, notified: true }));
}

function textOf({ data, attributes }: Message): string {
  const attributesText =
    Object.keys(attributes).length > 0 ? ` attributes ${JSON.stringify(attributes)}` : '';
  return redact(`${data}${attributesText}`.trim()).slice(0, MAX_TEXT);
}

/** People paste tokens where they do not belong, and a fault says what was found there. */
function withoutSecrets({ field, problem, remedy }: ValidationIssue): ValidationIssue {
  return { field: redact(field), problem: redact(problem), remedy: redact(remedy) };
}
