import { describeTime } from '../model/moment.ts';
import type { Notification } from '../model/notification.ts';
import type { Status } from '../model/status.ts';
import { OUT_OF_STOCK } from '../ports/instance.ts';
import { redact } from '../redact.ts';
import { commands, context, fields, header, section } from './blocks.ts';
import { inlineCode } from './escape.ts';
import { stopProof } from './finished.ts';
import type { SlackMessage } from './slack-message.ts';

/** What happens to a run on its way. */

export function queued(status: Status, behind: string): SlackMessage {
  const { target, runId, queuePosition } = status;
  const text = `${target} waits in the queue`;
  const details = fields({
    Run: inlineCode(runId),
    Position: String(queuePosition ?? 1),
    Behind: inlineCode(behind),
  });
  return { text, blocks: [header(`:hourglass_flowing_sand: ${text}`), details, cancelIt(runId)] };
}

export function startDelayed({
  status,
  error,
  machineTypes,
  giveUpAt,
}: Extract<Notification, { event: 'start-delayed' }>): SlackMessage {
  const { target, runId, vm } = status;
  const text = `${target} waits for a machine`;
  const cause = OUT_OF_STOCK.has(error)
    ? `Zone ${vm.zone} has none of the wanted type now (${error}).`
    : `Compute Engine failed to start it in ${vm.zone} (${error}).`;
  const reason = `${cause} The start is tried again, with growing pauses.`;
  const details = fields({
    Run: inlineCode(runId),
    'Machine types': machineTypes.map(inlineCode).join(' '),
    'Given up': describeTime(giveUpAt),
  });
  return { text, blocks: [header(`:hourglass: ${text}`), section(reason), details, cancelIt(runId)] };
}

export function retrying(status: Status, reason: string): SlackMessage {
  const { target, runId, attempt } = status;
  const text = `${target} is tried again`;
  const details = fields({ Run: inlineCode(runId), Attempt: String(attempt ?? 1) });
  return { text, blocks: [header(`:repeat: ${text}`), section(redact(reason)), details, cancelIt(runId)] };
}

export function vmOff(status: Status): SlackMessage {
  const text = `${status.vm.instance} is off`;
  return {
    text,
    blocks: [
      section(`${text}: ${stopProof(status.vm)}.`),
      context(`Run ${status.runId} of ${status.target}.`),
    ],
  };
}

export function cancelTooLate(status: Status): SlackMessage {
  const text = `Too late to cancel ${status.target}`;
  const ended = `${status.status}${status.finishedAt ? `, ${describeTime(status.finishedAt)}` : ''}`;
  const details = fields({ Run: inlineCode(status.runId), Ended: ended });
  return { text, blocks: [header(`:information_source: ${text}`), details] };
}

function cancelIt(runId: string) {
  return commands({ 'Cancel it': `vicinity cancel ${runId}` });
}
