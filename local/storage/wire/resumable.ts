import { once } from 'node:events';
import { ApiError, invalid } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import { type Route, route } from '../../http/router.ts';
import { requireWrite } from '../access.ts';
import { type ContentRange, readContentRange } from '../checks/content-range.ts';
import { claimedHashes } from '../checks/digest.ts';
import { requirePreconditions } from '../checks/preconditions.ts';
import type { SessionRecord } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { objectResource, origin } from './resources.ts';
import { readTarget, type UploadResource } from './upload-target.ts';

const SESSION = '/upload/storage/v1/b/:bucket/o';
/** The path that gcloud uses. */
const GCLOUD_SESSION = '/resumable/upload/storage/v1/b/:bucket/o';
const CLIENT_CLOSED_REQUEST = 499;

/** https://cloud.google.com/storage/docs/performing-resumable-uploads */
export function resumableRoutes(store: Store): Route[] {
  /** The request that is writing to a session; a later one takes over from it. */
  const writers = new Map<string, Call>();
  return [SESSION, GCLOUD_SESSION].flatMap((path) => [
    route('PUT', path, 'storage.objects.insert', resume),
    route('DELETE', path, 'storage.objects.insert', cancel),
    ...(path === GCLOUD_SESSION
      ? [route('POST', path, 'storage.objects.insert', (call) => startSession(store, call))]
      : []),
  ]);

  async function resume(call: Call): Promise<Reply> {
    const range = readContentRange(call.header('content-range'));
    const id = sessionId(call);
    await takeOver(id, call);
    const session = store.sessions.get(id);
    if (session.finished) return { body: objectResource(call, session.finished) };
    await append(session, range, call);
    const received = store.sessions.received(session);
    if (!isComplete(range, received)) return incomplete(received);
    const claims = claimedHashes({}, call.header('x-goog-hash'), call.header('content-md5'));
    const claimed = { ...session, claims: [...session.claims, ...claims] };
    return { body: objectResource(call, await store.sessions.finish(claimed)) };
  }

  /** Ends an earlier request to the same session, which the client has given up, or it would not have sent this one. */
  async function takeOver(id: string, call: Call): Promise<void> {
    const former = writers.get(id);
    writers.set(id, call);
    call.response.once('close', () => writers.get(id) === call && writers.delete(id));
    if (!former || former.request.complete) return;
    former.request.destroy();
    if (!former.request.closed) await once(former.request, 'close');
  }

  /** Adds what is new of the request's bytes; what had come before is passed over. */
  async function append(session: SessionRecord, range: ContentRange, call: Call): Promise<void> {
    const received = store.sessions.received(session);
    if (range.start !== undefined && range.start > received) {
      const message = `Invalid request. According to the Content-Range header, the upload offset is ${range.start} byte(s), which exceeds already uploaded size of ${received} byte(s).`;
      throw new ApiError(503, 'backendError', message);
    }
    await store.sessions.receive(session, without(received - (range.start ?? received), call.request));
  }

  function cancel(call: Call): Reply {
    store.sessions.remove(store.sessions.get(sessionId(call)).id);
    return { status: CLIENT_CLOSED_REQUEST };
  }
}

/** Begins a resumable upload; the reply's `location` is where its bytes go. */
export async function startSession(store: Store, call: Call): Promise<Reply> {
  const resource = await call.json<UploadResource>();
  const target = readTarget(call, resource, call.header('x-upload-content-type'));
  requirePreconditions(target.preconditions, store.objects.find(target.bucket, target.name));
  requireWrite(call, store, target.bucket, target.name);
  const { id } = store.sessions.start(target);
  const query = new URLSearchParams({ uploadType: 'resumable', name: target.name, upload_id: id });
  const location = `${origin(call)}${call.url.pathname}?${query}`;
  return { headers: { location, 'x-guploader-uploadid': id } };
}

function sessionId(call: Call): string {
  const id = call.query('upload_id');
  if (!id) throw invalid('Required parameter: upload_id');
  return id;
}

function isComplete({ total, final }: ContentRange, received: number): boolean {
  if (total === undefined) return final;
  if (received > total)
    throw invalid(`The upload has ${received} bytes already, more than its total of ${total}.`);
  return received === total;
}

/** 308: go on behind these bytes. */
function incomplete(received: number): Reply {
  return { status: 308, ...(received > 0 && { headers: { range: `bytes=0-${received - 1}` } }) };
}

async function* without(count: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of source) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(left - chunk.length, 0);
  }
}
