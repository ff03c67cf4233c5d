import { generateKeyPairSync, sign } from 'node:crypto';
import type { PushConfig } from './resources.ts';

const LIFETIME_SECONDS = 3600;

let key: ReturnType<typeof newKey> | undefined;

/**
 * A token of the shape that Google puts into the Authorization header of a push, signed with a key of this process:
 * who checks the audience and the email finds them, who checks the signature against Google's keys must refuse it.
 */
export function signedToken(
  config: NonNullable<PushConfig['oidcToken']>,
  endpoint: string,
  now: Date,
): string {
  const { audience = endpoint, serviceAccountEmail: email = '' } = config;
  const iat = Math.floor(now.getTime() / 1000);
  const exp = iat + LIFETIME_SECONDS;
  const header = encode({ alg: 'ES256', kid: 'gcp-local', typ: 'JWT' });
  const claims = { aud: audience, azp: email, email, email_verified: true, exp, iat };
  const content = `${header}.${encode({ ...claims, iss: 'https://accounts.google.com', sub: email })}`;
  key ??= newKey();
  return `${content}.${sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function newKey() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
