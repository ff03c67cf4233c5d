/** Real tokens are good for an hour; the response says how long is left. */
const TOKEN_SECONDS = 3599;

const PREFIX = 'ya29.local.';

/** An OAuth 2 token that names its service account, so that a service of the local cloud can tell who calls. */
export function accessToken(email: string): {
  access_token: string;
  expires_in: number;
  token_type: 'Bearer';
} {
  return { access_token: `${PREFIX}${email}`, expires_in: TOKEN_SECONDS, token_type: 'Bearer' };
}

/** The account of such a token in an Authorization header; undefined for any other header. */
export function accountOf(authorization = ''): string | undefined {
  const bearer = `Bearer ${PREFIX}`;
  return authorization.startsWith(bearer) ? authorization.slice(bearer.length) : undefined;
}

/** An OpenID identity token for `audience`: the shape of a real one, with a signature that proves nothing. */
export function identityToken(email: string, audience: string, now: Date): string {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const claims = {
    aud: audience,
    azp: email,
    email,
    email_verified: true,
    exp: issuedAt + TOKEN_SECONDS,
    iat: issuedAt,
    iss: 'https://accounts.google.com',
    sub: email,
  };
  return [{ alg: 'RS256', kid: 'local', typ: 'JWT' }, claims, 'local'].map(encode).join('.');
}

function encode(part: object | string): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
