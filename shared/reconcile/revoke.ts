import type { Claim } from '../model/attempt.ts';
import { claimName } from '../model/layout.ts';
import { toText } from '../records/documents.ts';
import type { Revocation } from './action.ts';
import type { Dependencies } from './dependencies.ts';

/** Takes an attempt back, unless a VM has claimed it meanwhile: the next observation shows who was first. */
export async function revoke(
  { objects, clock }: Dependencies,
  { runId, attempt, reason, detail }: Revocation,
): Promise<void> {
  const at = clock.now().toISOString();
  const claim: Claim = { by: 'control-plane', revoked: true, reason, detail, at };
  await objects.create(claimName(runId, attempt), toText(claim));
}
