import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { CloudClock } from '../core/clock.ts';
import type { Call, Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { createService, type ServiceContext } from '../http/service.ts';
import { asJson, asText, type Entry, entryAt, isDirectory, listing } from './entry.ts';
import type { MetadataSource } from './source.ts';
import { identityToken } from './token.ts';
import { metadataTree } from './tree.ts';

const ROOT = ['computeMetadata', 'v1'];
const FLAVOR = { 'metadata-flavor': 'Google', server: 'Metadata Server for VM' };

/**
 * The metadata server of one VM, or of the host where `source` has no instance
 * (https://cloud.google.com/compute/docs/metadata/querying-metadata). It reads `source` anew for every answer, so a
 * `setMetadata` is seen at once. Repeated slashes and, for `http_proxy`, absolute request URLs are understood.
 */
export function createMetadataServer(source: MetadataSource, context: ServiceContext): Server {
  const get = route('GET', '/*', 'metadata.get', (call) => answer(call, source, context.clock));
  return createService('metadata', [get], context);
}

async function answer(call: Call, source: MetadataSource, clock: CloudClock): Promise<Reply> {
  const path = call.url.pathname.split('/').filter((part) => part !== '');
  if (path.length === 0) return text(200, 'computeMetadata/\n');
  const refusal = refuse(call);
  if (refusal) return refusal;
  if (ROOT.some((part, index) => path[index] !== part))
    return text(404, `${call.url.pathname} is not here.\n`);
  const wanted = path.slice(ROOT.length).map(decodeURIComponent);
  if (wanted.at(-1) === 'identity') return identity(call, source, wanted, clock);
  return call.query('wait_for_change') === 'true'
    ? waitForChange(call, source, wanted, clock)
    : show(call, source, wanted);
}

function refuse(call: Call): Reply | undefined {
  if (call.header('metadata-flavor') !== 'Google')
    return text(403, 'Missing Metadata-Flavor:Google header.\n');
  // A request that came through a proxy may be one that a guest was tricked into.
  if (call.header('x-forwarded-for') !== undefined)
    return text(403, 'Requests with an X-Forwarded-For header are refused.\n');
  return undefined;
}

/** Answers as soon as the content differs from `last_etag` (or, without it, changes); at `timeout_sec` with what is. */
async function waitForChange(
  call: Call,
  source: MetadataSource,
  wanted: string[],
  clock: CloudClock,
): Promise<Reply> {
  const first = show(call, source, wanted);
  const lastEtag = call.query('last_etag') ?? first.headers?.etag;
  if (first.status !== 200 || first.headers?.etag !== lastEtag) return first;
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = source.onChange(() => {
    if (show(call, source, wanted).headers?.etag !== lastEtag) resolve();
  });
  const timeout = Number(call.query('timeout_sec') ?? Number.NaN);
  const cancel = Number.isFinite(timeout) ? clock.after(timeout * 1000, resolve) : () => {};
  call.response.once('close', resolve);
  await promise;
  unsubscribe();
  cancel();
  return show(call, source, wanted);
}

function show(call: Call, source: MetadataSource, wanted: string[]): Reply {
  const entry = entryAt(metadataTree(source.facts()), wanted);
  if (!entry) return text(404, `There is no metadata ${wanted.join('/')}.\n`);
  const recursive = call.query('recursive')?.toLowerCase() === 'true';
  const endsInSlash = call.url.pathname.endsWith('/');
  if (!recursive && isDirectory(entry) && !endsInSlash) return redirectToDirectory(call);
  if (!isDirectory(entry) && endsInSlash) return text(404, `${wanted.join('/')} is not a directory.\n`);
  return content(call, entry, recursive);
}

function content(call: Call, entry: Entry, recursive: boolean): Reply {
  const alt = call.query('alt') ?? (recursive && isDirectory(entry) ? 'json' : 'text');
  if (alt === 'json' && (recursive || !isDirectory(entry))) return json(asJson(entry));
  if (!isDirectory(entry) && entry.isJson) return json(entry.json);
  return text(200, isDirectory(entry) && !recursive ? listing(entry) : asText(entry));
}

function redirectToDirectory(call: Call): Reply {
  return { status: 301, headers: { ...FLAVOR, location: `${call.url.pathname}/${call.url.search}` } };
}

function identity(call: Call, source: MetadataSource, wanted: string[], clock: CloudClock): Reply {
  const { serviceAccount, ...rest } = source.facts();
  if (!entryAt(metadataTree({ serviceAccount, ...rest }), wanted)) return show(call, source, wanted);
  const audience = call.query('audience') ?? '';
  if (audience === '') return text(400, 'non-empty audience parameter required\n');
  return text(200, identityToken(serviceAccount.email, audience, clock.now()));
}

function json(value: unknown): Reply {
  return reply(200, 'application/json', JSON.stringify(value));
}

function text(status: number, body: string): Reply {
  return reply(status, 'application/text', body);
}

function reply(status: number, type: string, body: string): Reply & { headers: Record<string, string> } {
  return { status, headers: { ...FLAVOR, 'content-type': type, etag: etagOf(body) }, body };
}

function etagOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
