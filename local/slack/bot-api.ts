import type { Call, Reply } from '../http/call.ts';
import { type Route, route } from '../http/router.ts';
import { checkPayload } from './checks.ts';
import type { Payload, SlackMessage } from './message.ts';
import type { MessageStore } from './store.ts';
import { Uploads } from './uploads.ts';
import type { Workspace } from './workspace.ts';

/** The token that the sink accepts. It is not a secret: it is valid on 127.0.0.1 only. */
export const BOT_TOKEN = 'xoxb-local';
const CHANNEL_ID = 'C0LOCAL000';

export interface BotApiOptions {
  store: MessageStore;
  workspace: Workspace;
  now(): Date;
  onMessage(message: SlackMessage): void;
  onRefusal(code: string, detail: string): void;
}

/** A call's arguments, as form fields. Slack's clients write objects as JSON. */
type Fields = Record<string, string>;
type Method = (fields: Fields, call: Call) => object;

/** What Slack answers with `ok: false`. */
class SlackRefusal extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * The part of Slack's Web API that a bot needs (https://docs.slack.dev/reference/methods): messages, their edits, threads and
 * pictures. Like Slack, it answers an error with status 200 and `ok: false`.
 */
export function botRoutes(options: BotApiOptions): Route[] {
  const { store, workspace, now, onMessage, onRefusal } = options;
  const { channel, aliases = [] } = workspace;
  const channels = [CHANNEL_ID, channel, `#${channel}`, ...aliases];
  const uploads = new Uploads();
  const methods: Record<string, Method> = {
    'chat.postMessage': postMessage,
    'chat.update': update,
    'files.getUploadURLExternal': ({ filename = 'file' }, { request }) => {
      const id = uploads.begin(filename);
      return { file_id: id, upload_url: `http://${request.headers.host}/upload/${id}` };
    },
    'files.completeUploadExternal': complete,
  };
  return [
    ...Object.entries(methods).map(([name, method]) =>
      route('POST', `/api/${name}`, `slack.${name}`, (call) => answer(method, call)),
    ),
    route('POST', '/upload/:file', 'slack.files.upload', (call) => uploads.receive(call)),
    route('GET', '/files/:file', 'slack.files.get', (call) => uploads.show(call)),
  ];

  async function answer(method: Method, call: Call): Promise<Reply> {
    try {
      if (call.header('authorization') !== `Bearer ${BOT_TOKEN}`)
        throw new SlackRefusal('invalid_auth', 'the token is not the local bot token');
      const fields = Object.fromEntries(new URLSearchParams((await call.body()).toString('utf8')));
      return { body: { ok: true, ...method(fields, call) } };
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      onRefusal(error.code, error.message);
      return { body: { ok: false, error: error.code } };
    }
  }

  function postMessage(fields: Fields): object {
    const payload = payloadOf(fields);
    const { thread_ts: thread } = fields;
    if (thread !== undefined && !store.get(thread)) throw new SlackRefusal('thread_not_found', thread);
    const isBroadcast = fields.reply_broadcast === 'true';
    const message = store.add(
      { ...payload, ...(thread && { thread_ts: thread, ...(isBroadcast && { isBroadcast }) }) },
      now(),
    );
    onMessage(message);
    return { channel: CHANNEL_ID, ts: message.ts, message };
  }

  function update(fields: Fields): object {
    const message = store.edit(fields.ts ?? '', payloadOf(fields));
    if (!message) throw new SlackRefusal('message_not_found', String(fields.ts));
    onMessage(message);
    return { channel: CHANNEL_ID, ts: message.ts, text: message.text ?? '' };
  }

  function complete({ files: text = '[]', channel_id: id = '', thread_ts: thread }: Fields): object {
    requireChannel(id);
    const files = JSON.parse(text) as { id: string; title?: string }[];
    if (files.some((file) => uploads.size(file.id) === undefined))
      throw new SlackRefusal('file_not_found', text);
    for (const { id: file, title = '' } of files) {
      const picture = { name: title, path: `/files/${file}`, bytes: uploads.size(file) ?? 0 };
      onMessage(store.add({ text: title, picture, ...(thread && { thread_ts: thread }) }, now()));
    }
    return { files };
  }

  function payloadOf({ channel: id = '', text, blocks }: Fields): Payload {
    requireChannel(id);
    const body = { ...(text && { text }), ...(blocks && { blocks: JSON.parse(blocks) }) };
    const checked = checkPayload(JSON.stringify(body));
    if ('refusal' in checked) throw new SlackRefusal(checked.refusal.code, checked.refusal.detail);
    return checked.payload;
  }

  function requireChannel(id: string): void {
    if (!channels.includes(id)) throw new SlackRefusal('channel_not_found', id);
  }
}
