import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who may use the dashboard, beside that it listens on 127.0.0.1 only. */
export interface Access {
  port: number;
  /** Shown in the address that is printed, kept in a cookie; undefined: everybody on this computer may. */
  key: string | undefined;
}

/** Why a request is refused, or undefined. */
export interface Refusal {
  status: 401 | 403;
  message: string;
}

/** A browser keeps the cookies of a host's ports together: a dashboard on another port has a name of its own. */
const cookieName = (port: number) => `vicinity-dashboard-${port}`;
/** A page of another origin cannot set it without being asked for leave, which is never given. */
const ACTION_HEADER = 'x-vicinity-action';

/**
 * Checks a request. A foreign Host is a name that somebody has pointed to 127.0.0.1 (DNS rebinding); a foreign Origin, or an action
 * without our header, is another site's page; without the key it is another user of this computer.
 */
export function refusalOf(request: IncomingMessage, access: Access): Refusal | undefined {
  const hosts = [`127.0.0.1:${access.port}`, `localhost:${access.port}`];
  const { host = '', origin } = request.headers;
  if (!hosts.includes(host)) return { status: 403, message: `Host ${host} is not this dashboard.` };
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`))
    return { status: 403, message: `A page of ${origin} may not use this dashboard.` };
  if (request.method !== 'GET' && request.method !== 'HEAD' && request.headers[ACTION_HEADER] === undefined)
    return { status: 403, message: `An action needs the header ${ACTION_HEADER}.` };
  if (access.key !== undefined && !isSame(cookieOf(request, access.port) ?? '', access.key))
    return {
      status: 401,
      message: 'The key is missing. Open the address that vicinity dashboard printed.',
    };
  return undefined;
}

/** The cookie that the printed address earns, or undefined where its key is wrong. */
export function cookieFor(url: URL, { key, port }: Access): string | undefined {
  const given = url.searchParams.get('key');
  if (key === undefined || given === null || !isSame(given, key)) return undefined;
  return `${cookieName(port)}=${key}; HttpOnly; SameSite=Strict; Path=/`;
}

function cookieOf({ headers }: IncomingMessage, port: number): string | undefined {
  const start = `${cookieName(port)}=`;
  const cookies = (headers.cookie ?? '').split('; ');
  return cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length);
}

function isSame(given: string, wanted: string): boolean {
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}
