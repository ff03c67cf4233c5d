import type { KnownBlock } from '@slack/types';
import { describeFault } from '../errors.ts';
import type { Notification, Started } from '../model/notification.ts';
import type { Status } from '../model/status.ts';
import { redact } from '../redact.ts';
import { scheduleJobId } from '../schedule/job.ts';
import { code, context, fields, header, section } from './blocks.ts';
import { cut, escapeText, inlineCode } from './escape.ts';
import { finishedBlocks, headline, stopProof } from './finished.ts';
import { startedBlocks } from './started.ts';

/** Of the text alone, as a notification shows it. */
const TEXT_CHARACTERS = 300;
/** Of a refused request. */
const REQUEST_CHARACTERS = 600;

/** A webhook's message: `text` is what notifications and screen readers show. */
export interface SlackMessage {
  text: string;
  blocks: KnownBlock[];
}

/** What a notification looks like in Slack, within its limits (https://docs.slack.dev/reference/block-kit/blocks). */
export function slackMessage(notification: Notification): SlackMessage {
  const { text, blocks } = messageOf(notification);
  const message = { text: cut(escapeText(text), TEXT_CHARACTERS), blocks };
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
    case 'vm-off':
      return vmOff(notification.status);
    case 'cancel-too-late':
      return cancelTooLate(notification.status);
    case 'stray-vm':
      return strayVm(notification);
    case 'queued':
      return queued(notification.status, notification.behind);
    case 'started':
      return started(notification);
    case 'retrying':
      return retrying(notification.status, notification.reason);
    case 'missed-schedule':
      return missedSchedule(notification);
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

function started(notification: Started): SlackMessage {
  const text = `${notification.status.target} has started`;
  return { text, blocks: startedBlocks(text, notification) };
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

function vmOff(status: Status): SlackMessage {
  const text = `${status.vm.instance} is off`;
  return {
    text,
    blocks: [
      section(`${text}: ${stopProof(status.vm)}`),
      context(`After ${status.target}, run ${status.runId}.`),
    ],
  };
}

function cancelTooLate(status: Status): SlackMessage {
  const text = `Too late to cancel ${status.target}`;
  const details = fields({ Run: inlineCode(status.runId), Ended: `${status.status}, ${status.finishedAt}` });
  return { text, blocks: [header(`:information_source: ${text}`), details] };
}

function strayVm({ instance, zone, onSince }: Extract<Notification, { event: 'stray-vm' }>): SlackMessage {
  const text = `${instance} is on without a run`;
  const hold = `gcloud compute instances add-labels ${instance} --zone=${zone} --labels=vicinity-hold=true`;
  return {
    text,
    blocks: [
      header(`:money_with_wings: ${text}`),
      section(`It has been on since ${onSince} and is stopped now.`),
      section(`To keep it on next time: ${inlineCode(hold)}`, { escaped: true }),
    ],
  };
}

function missedSchedule({
  schedule,
  due,
  region,
}: Extract<Notification, { event: 'missed-schedule' }>): SlackMessage {
  const text = `The scheduled run ${schedule} did not happen`;
  const job = `${scheduleJobId(schedule)} --location=${region}`;
  return {
    text,
    blocks: [
      header(`:calendar: ${text}`),
      section(
        `It was due at ${due}, and no request has come. Its Cloud Scheduler job may be paused or gone.`,
      ),
      section(`To look: ${inlineCode(`gcloud scheduler jobs describe ${job}`)}`, { escaped: true }),
      section(`To run it now: ${inlineCode(`gcloud scheduler jobs run ${job}`)}`, { escaped: true }),
      context(`Where this is meant: vicinity schedule pause ${schedule}`),
    ],
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
      code([redact(request) || '(empty)'], REQUEST_CHARACTERS),
      context(`Message ${messageId}. Nothing was started, and it is not tried again.`),
    ],
  };
}

function cancelHint(runId: string): string {
  return `To cancel it: vicinity cancel ${runId}`;
}
