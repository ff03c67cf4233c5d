import type { Notification } from '../model/notification.ts';
import { context } from './blocks.ts';
import { cut, escapeText } from './escape.ts';
import { finished } from './finished.ts';
import { damaged, missedSchedule, orphanVm, rejected } from './incidents.ts';
import { cancelTooLate, queued, retrying, startDelayed, vmOff } from './run-events.ts';
import type { SlackMessage } from './slack-message.ts';
import { started } from './started.ts';

/** Of the plain text that a notification shows. */
const TEXT_CHARACTERS = 300;

/** A notification as a Slack message, within Slack's limits (https://docs.slack.dev/reference/block-kit/blocks). */
export function slackMessage(notification: Notification): SlackMessage {
  const { text, blocks } = messageOf(notification);
  const message = { text: cut(escapeText(text), TEXT_CHARACTERS), blocks };
  if (!notification.resend) return message;
  return {
    ...message,
    blocks: [...message.blocks, context('Sent again: an earlier attempt may have reached you.')],
  };
}

function messageOf(notification: Notification): SlackMessage {
  switch (notification.event) {
    case 'queued':
      return queued(notification.status, notification.behind);
    case 'start-delayed':
      return startDelayed(notification);
    case 'started':
      return started(notification);
    case 'retrying':
      return retrying(notification.status, notification.reason);
    case 'finished':
      return finished(notification.status, notification.logTail);
    case 'vm-off':
      return vmOff(notification.status);
    case 'cancel-too-late':
      return cancelTooLate(notification.status);
    case 'orphan-vm':
      return orphanVm(notification);
    case 'damaged':
      return damaged(notification);
    case 'missed-schedule':
      return missedSchedule(notification);
    case 'rejected':
      return rejected(notification);
  }
}
