import type { KnownBlock } from '@slack/types';
import { describeFault } from '../errors.ts';
import type { Notification } from '../model/notification.ts';
import type { Status } from '../model/status.ts';
import { context, fields, header, section } from './blocks.ts';
import { codeBlock, inlineCode } from './escape.ts';
import { finishedBlocks, headline } from './finished.ts';
import { redact } from './redact.ts';

/** A webhook's message: `text` is what notifications and screen readers show. */
export interface SlackMessage {
  text: string;
  blocks: KnownBlock[];
}

/** What a notification looks like in Slack, within its limits (https://docs.slack.dev/reference/block-kit/blocks). */
export function slackMessage(notification: Notification): SlackMessage {
  const message = messageOf(notification);
  if (!notification.resend) return message;
  return {
    ...message,
    blocks: [...message.blocks, context('Sent again: an earlier try may have reached you.')],
  };
}

function messageOf(notification: Notification): SlackMessage {
  switch (notification.event) {
    case 'finished':
      return {
        text: headline(notification.status),
        blocks: finishedBlocks(notification.status, notification.logTail),
      };
    case 'queued':
      return queued(notification.status, notification.behind);
    case 'retrying':
      return retrying(notification.status, notification.reason);
    case 'rejected':
      return rejected(notification);
  }
}

function queued(status: Status, behind: string): SlackMessage {
  const { target, runId, queuePosition } = status;
  const text = `${target} waits in the queue`;
  const details = fields({
    Run: inlineCode(runId),
    Position: String(queuePosition ?? 1),
    Behind: inlineCode(behind),
  });
  return { text, blocks: [header(`:hourglass_flowing_sand: ${text}`), details, context(cancelHint(runId))] };
}

function retrying(status: Status, reason: string): SlackMessage {
  const { target, runId, attempt } = status;
  const text = `${target} is tried again`;
  const details = fields({ Run: inlineCode(runId), Attempt: String(attempt ?? 1) });
  return {
    text,
    blocks: [header(`:repeat: ${text}`), section(redact(reason)), details, context(cancelHint(runId))],
  };
}

function rejected({
  messageId,
  faults,
  request,
}: Extract<Notification, { event: 'rejected' }>): SlackMessage {
  const text = 'A request was refused';
  const list = faults.map((fault) => `• ${describeFault(fault)}`).join('\n');
  return {
    text,
    blocks: [
      header(`:no_entry: ${text}`),
      section(redact(list)),
      section(codeBlock([redact(request) || '(empty)'], 600), { escaped: true }),
      context(`Message ${messageId}. Nothing was started, and it is not tried again.`),
    ],
  };
}

function cancelHint(runId: string): string {
  return `To cancel it: vicinity cancel ${runId}`;
}
