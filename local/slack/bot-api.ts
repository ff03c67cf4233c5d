import type { Call, Reply } from '../http/call.ts';
import { type Route, route } from '../http/router.ts';
import { checkPayload } from './checks.ts';
import type { Payload, SlackMessage } from './message.ts';
import type { MessageStore } from './store.ts';

/** The token that the sink accepts. It is no secret: it exists on 127.0.0.1 alone. */
export const BOT_TOKEN = 'xoxb-local-vicinity';
const CHANNEL = 'C0LOCAL000';

export interface BotApiOptions {
  store: MessageStore;
  /** May be posted to as well. */
  channel: string | undefined;
  now(): Date;
  onMessage(message: SlackMessage): void;
  onRefusal(code: string, detail: string): void;
}

type Fields = Record<string, string>;
type Answer = { error: string; detail: string } | object;

/**
 * The part of Slack's Web API that a bot needs (https://docs.slack.dev/reference/methods): messages, their edits, threads, and
 * pictures. Errors are answered with 200 and `ok: false`, as Slack does.
 */
export function botRoutes(options: BotApiOptions): Route[] {
  const { store, now, onMessage, onRefusal } = options;
  const channels = [CHANNEL, 'vicinity', '#vicinity', options.channel];
  const files = new Map<string, { name: string; bytes?: Buffer }>();
  return [
    route('POST', '/api/chat.postMessage', 'slack.chat.postMessage', method(postMessage)),
    route('POST', '/api/chat.update', 'slack.chat.update', method(update)),
    route('POST', '/api/files.getUploadURLExternal', 'slack.files.getUploadURLExternal', method(uploadUrl)),
    route('POST', '/upload/:file', 'slack.files.upload', upload),
    route(
      'POST',
      '/api/files.completeUploadExternal',
      'slack.files.completeUploadExternal',
      method(complete),
    ),
    route('GET', '/files/:file', 'slack.files.get', show),
  ];

  function method(work: (fields: Fields, call: Call) => Answer): Route['handler'] {
    return async (call) => {
      if (call.header('authorization') !== `Bearer ${BOT_TOKEN}`)
        return refused('invalid_auth', 'another token');
      const fields = Object.fromEntries(new URLSearchParams((await call.body()).toString('utf8')));
      const answer = work(fields, call);
      return 'error' in answer
        ? refused(String(answer.error), String((answer as Fields).detail))
        : { body: { ok: true, ...answer } };
    };
  }

  function refused(error: string, detail: string): Reply {
    onRefusal(error, detail);
    return { body: { ok: false, error } };
  }

  function postMessage(fields: Fields): Answer {
    const checked = payloadOf(fields, channels);
    if ('error' in checked) return checked;
    const { thread_ts: thread } = fields;
    if (thread !== undefined && !store.get(thread)) return { error: 'thread_not_found', detail: thread };
    const isBroadcast = fields.reply_broadcast === 'true';
    const message = store.add(
      { ...checked.payload, ...(thread && { thread_ts: thread, ...(isBroadcast && { isBroadcast }) }) },
      now(),
    );
    onMessage(message);
    return { channel: CHANNEL, ts: message.ts, message };
  }

  function update(fields: Fields): Answer {
    const checked = payloadOf(fields, channels);
    if ('error' in checked) return checked;
    const message = store.edit(fields.ts ?? '', checked.payload);
    if (!message) return { error: 'message_not_found', detail: String(fields.ts) };
    onMessage(message);
    return { channel: CHANNEL, ts: message.ts, text: message.text ?? '' };
  }

  function uploadUrl({ filename = 'file' }: Fields, { request }: Call): Answer {
    const id = `F${String(files.size + 1).padStart(8, '0')}`;
    files.set(id, { name: filename });
    return { file_id: id, upload_url: `http://${request.headers.host}/upload/${id}` };
  }

  async function upload(call: Call): Promise<Reply> {
    const file = files.get(call.param('file'));
    if (!file) return { status: 404, body: 'no such file' };
    file.bytes = await uploaded(call);
    return { body: `OK - ${file.bytes.length}` };
  }

  function complete({ files: text = '[]', channel_id: channel = '', thread_ts: thread }: Fields): Answer {
    if (!channels.includes(channel)) return { error: 'channel_not_found', detail: channel };
    const shared = JSON.parse(text) as { id: string; title?: string }[];
    if (shared.some(({ id }) => !files.get(id)?.bytes)) return { error: 'file_not_found', detail: text };
    for (const { id, title = '' } of shared) {
      const picture = { name: title, path: `/files/${id}`, bytes: files.get(id)?.bytes?.length ?? 0 };
      onMessage(store.add({ text: title, picture, ...(thread && { thread_ts: thread }) }, now()));
    }
    return { files: shared };
  }

  function show(call: Call): Reply {
    const bytes = files.get(call.param('file'))?.bytes;
    return bytes
      ? { headers: { 'content-type': 'image/png' }, body: bytes }
      : { status: 404, body: 'no such file' };
  }
}

/** The bytes themselves, or the one file of a form: Slack takes both. */
async function uploaded(call: Call): Promise<Buffer> {
  const body = await call.body();
  const type = call.header('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const [file] = [...form.values()].filter((value) => value instanceof File);
  return file ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
}

/** Objects come as JSON in a form field. */
function payloadOf(
  fields: Fields,
  channels: (string | undefined)[],
): { payload: Payload } | { error: string; detail: string } {
  const { channel = '', text, blocks } = fields;
  if (!channels.includes(channel)) return { error: 'channel_not_found', detail: channel };
  const body = { ...(text && { text }), ...(blocks && { blocks: JSON.parse(blocks) }) };
  const checked = checkPayload(JSON.stringify(body));
  return 'refusal' in checked ? { error: checked.refusal.code, detail: checked.refusal.detail } : checked;
}
