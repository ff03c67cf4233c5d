import type { Caller } from '../http/access.ts';
import { ApiError } from '../http/api-error.ts';
import { accountOf } from '../metadata/token.ts';

/** Who is at this computer: may do everything, and needs no credentials. */
export const OWNER = 'user@localhost';

/** A member as policies spell it, such as `serviceAccount:start-run@p.iam.gserviceaccount.com`. */
export type Principal = string;

export function principalOf(email: string): Principal {
  return email.endsWith('gserviceaccount.com') ? `serviceAccount:${email}` : `user:${email}`;
}

/**
 * Who makes a request: by its token; else, because client libraries send none with an emulator variable, the account of the local
 * function that makes it; else the person at this computer. Throws 401 for a token that is not of this cloud.
 */
export function callerPrincipal(
  { authorization, function: name }: Caller,
  accountOfFunction: (name: string) => string | undefined,
): Principal {
  if (authorization === undefined) return principalOf((name && accountOfFunction(name)) || OWNER);
  const email = accountOf(authorization);
  if (email !== undefined) return principalOf(email);
  throw new ApiError(
    401,
    'authError',
    'Request had invalid authentication credentials. The local cloud takes the tokens of its own metadata servers.',
  );
}
