import { createHash } from 'node:crypto';
import { invalid } from '../http/api-error.ts';

/** An allow policy (https://cloud.google.com/iam/docs/reference/rest/v1/Policy). */
export interface Policy {
  version?: number;
  bindings?: Binding[];
  etag?: string;
}

export interface Binding {
  role: string;
  members: string[];
  condition?: Condition;
}

export interface Condition {
  title?: string;
  description?: string;
  expression: string;
}

const ROLE = /^(roles|projects\/[^/]+\/roles)\/[\w.]+$/;
const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|principal|principalSet|projectOwner|projectEditor|projectViewer|deleted):\S+)$/;
/** Bindings with a condition are only for those who say that they know of them. */
const CONDITIONS_VERSION = 3;

/** A policy as the API shows it: with its version, and an etag by its content. */
export function shown({ etag: _, bindings, version }: Policy): Policy {
  const content = { version: version ?? 1, ...(bindings && bindings.length > 0 && { bindings }) };
  return { ...content, etag: etagOf(content) };
}

/** Base64, as the API has etags, of letters and digits alone: clients write the other two characters in either alphabet. */
export function etagOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}

/** The policy as it is kept: members of one role are together, and each only once. Throws 400. */
export function checkedPolicy({ bindings = [], version = 1 }: Policy): Policy {
  const checked = new Map<string, Binding>();
  for (const binding of bindings) {
    const { role, members, condition } = checkedBinding(binding, version);
    if (members.length === 0) continue;
    const key = JSON.stringify([role, condition]);
    const together = [...(checked.get(key)?.members ?? []), ...members];
    checked.set(key, { role, members: [...new Set(together)], ...(condition && { condition }) });
  }
  return { version, bindings: [...checked.values()] };
}

function checkedBinding({ role, members = [], condition }: Binding, version: number): Binding {
  if (!ROLE.test(role ?? '')) throw invalid(`Role name must be in the format roles/{role}, not "${role}".`);
  for (const member of members)
    if (!MEMBER.test(member))
      throw invalid(
        `The member ${JSON.stringify(member)} is of no known type; it is written like "user:ada@example.com".`,
      );
  if (condition && version !== CONDITIONS_VERSION)
    throw invalid(
      `The binding of ${role} has a condition, so the policy's version must be ${CONDITIONS_VERSION}.`,
    );
  return { role, members, ...(condition && { condition }) };
}
