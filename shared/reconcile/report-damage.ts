import { z } from 'zod';
import { damageName, runIdOfName } from '../model/layout.ts';
import { sha256 } from '../model/message.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { type Damage, readIfValid, toText } from '../records/documents.ts';
import type { Dependencies } from './dependencies.ts';

/** The name of the object that says that the damage was reported. */
function damageRecord({ object, generation }: Damage): string {
  return damageName(sha256(`${object} ${generation}`));
}

const reportedSchema = z.object({ notified: z.literal(true) });

/** Whether people know of the damage. */
export async function isReported(objects: ObjectStore, damage: Damage): Promise<boolean> {
  return (await readIfValid(objects, damageRecord(damage), reportedSchema)) !== undefined;
}

/**
 * Reports an object that does not match its schema, once per generation. A report whose end is unknown is repeated, and says that it
 * may be a repetition.
 */
export async function reportDamage(deps: Dependencies, damage: Damage): Promise<void> {
  const { objects, notifier, clock, log } = deps;
  const { object, problem } = damage;
  const name = damageRecord(damage);
  const record = { ...damage, at: clock.now().toISOString() };
  const isFirst = (await objects.create(name, toText({ ...record, notified: false }))) === 'created';
  if (!isFirst && (await isReported(objects, damage))) return;
  log({ severity: 'ERROR', message: `${object} does not match its schema.`, problem });
  const runId = runIdOfName(object.slice(`gs://${objects.bucket}/`.length));
  await notifier.notify({ event: 'damaged', object, problem, ...(runId && { runId }), resend: !isFirst });
  await objects.put(name, toText({ ...record, notified: true }));
}
