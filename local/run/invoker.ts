import type { Caller, Resource } from '../http/access.ts';
import { ApiError } from '../http/api-error.ts';
import type { PolicyGuard } from '../iam/guard.ts';
import { principalOf } from '../iam/principal.ts';

interface Claims {
  aud?: string;
  email?: string;
  /** Seconds since 1970. */
  exp?: number;
}

/**
 * What Cloud Run does before it hands a request to a service: the identity token must be for the service (`uri`, or an address below
 * it) and its account must be an invoker. Signatures are not looked at. Throws 401 or 403.
 */
export function requireInvoker(
  guard: PolicyGuard,
  { authorization = '' }: Caller,
  service: Resource,
  uri: string,
  now: Date,
): void {
  const { aud, email, exp = 0 } = claimsOf(authorization) ?? {};
  const isFor = aud === uri || aud?.startsWith(`${uri}/`);
  if (!email || !isFor || exp * 1000 < now.getTime())
    throw new ApiError(401, 'unauthorized', `The identity token is missing, too old, or not for ${uri}.`);
  const principal = principalOf(email);
  if (guard.allows(principal, 'run.routes.invoke', service)) return;
  throw new ApiError(
    403,
    'forbidden',
    `${email} may not invoke ${service.name}: it lacks the permission 'run.routes.invoke'.`,
  );
}

function claimsOf(authorization: string): Claims | undefined {
  const [, payload] = /^Bearer [^.]+\.([^.]+)\.[^.]+$/.exec(authorization) ?? [];
  if (!payload) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
  } catch {
    return undefined;
  }
}
