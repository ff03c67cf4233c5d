import type { Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Call, Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { createService, type ServiceContext } from '../http/service.ts';
import { botRoutes } from './bot-api.ts';
import { checkPayload } from './checks.ts';
import type { SlackMessage } from './message.ts';
import { channelPage } from './page.ts';
import { MessageStore } from './store.ts';
import { DEFAULT_WORKSPACE, type Workspace } from './workspace.ts';

/** The one webhook that the sink accepts. Its address is not a secret: it exists on 127.0.0.1 only. */
export const WEBHOOK_PATH = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';

export interface SlackSinkOptions {
  /** Holds messages.jsonl. */
  directory: string;
  workspace?: Workspace;
  context: ServiceContext;
  onMessage?: (message: SlackMessage) => void;
  /** Called for a message that Slack would refuse, with Slack's error code and the reason. */
  onRefusal?: (code: string, detail: string) => void;
}

export interface SlackSink {
  server: Server;
  messages(): SlackMessage[];
}

/**
 * An incoming webhook that checks messages as Slack does (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks)
 * and keeps them, and a page that shows them. Fault injection provides rate limits and deleted channels.
 */
export function createSlackSink(options: SlackSinkOptions): SlackSink {
  const { directory, workspace = DEFAULT_WORKSPACE, context, onMessage, onRefusal } = options;
  const store = new MessageStore(join(directory, 'messages.jsonl'));
  const followers = new Set<ServerResponse>();
  const routes = [
    route('POST', '/services/:team/:app/:secret', 'slack.webhook', receive),
    ...botRoutes({
      store,
      workspace,
      now: () => context.clock.now(),
      onMessage: emit,
      onRefusal: (code, detail) => onRefusal?.(code, detail),
    }),
    route('GET', '/messages', 'slack.messages', () => ({ body: { messages: store.messages } })),
    route('GET', '/events', 'slack.events', follow),
    route('GET', '/', 'slack.page', () => html(channelPage(store.messages, workspace))),
  ];
  return { server: createService('slack', routes, context), messages: () => store.messages };

  async function receive(call: Call): Promise<Reply> {
    if (call.url.pathname !== WEBHOOK_PATH) return refuse(404, 'no_service', `no webhook has this address`);
    const checked = checkPayload(await payloadText(call));
    if ('refusal' in checked) return refuse(400, checked.refusal.code, checked.refusal.detail);
    const message = store.add(checked.payload, context.clock.now());
    emit(message);
    return { status: 200, headers: TEXT, body: 'ok' };
  }

  function emit(message: SlackMessage): void {
    onMessage?.(message);
    for (const follower of followers) follower.write(`data: ${message.ts}\n\n`);
  }

  function refuse(status: number, code: string, detail: string): Reply {
    onRefusal?.(code, detail);
    return { status, headers: TEXT, body: code };
  }

  /** Server-sent events: the time stamp of each new message. */
  function follow({ response }: Call): undefined {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    followers.add(response);
    response.once('close', () => followers.delete(response));
  }
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };

/** Slack takes the JSON as the body, or as the form field `payload`. */
async function payloadText(call: Call): Promise<string> {
  const body = (await call.body()).toString('utf8');
  const isForm = call.header('content-type')?.startsWith('application/x-www-form-urlencoded');
  return isForm ? (new URLSearchParams(body).get('payload') ?? '') : body;
}

function html(body: string): Reply {
  return { headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}
