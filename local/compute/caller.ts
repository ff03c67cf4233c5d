import type { Call } from '../http/call.ts';
import { OWNER } from '../iam/principal.ts';
import { accountOf } from '../metadata/token.ts';
import type { Caller } from './operations.ts';

/** The caller by its token (see `accessToken`), and the request's own key. */
export function operationCaller(call: Call): Caller {
  return { user: accountOf(call.header('authorization')) ?? OWNER, requestId: call.query('requestId') };
}
