import { describeTime } from '../model/moment.ts';
import type { Notification } from '../model/notification.ts';
import type { Status } from '../model/status.ts';
import { OUT_OF_STOCK } from '../ports/instance.ts';
import { stopProof } from '../presentation/machine.ts';
import { labelOf } from '../presentation/result.ts';
import { redact } from '../redact.ts';
import { commands, context, fields, header, section } from './blocks.ts';
import { inlineCode } from './escape.ts';
import type { SlackMessage } from './slack-message.ts';

/** Messages about a run between its request and its result. */

export function queued(status: Status, behind: string): SlackMessage {
  const { target, runId, queuePosition } = status;
  const text = `${target} is queued`;
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
  const text = `${target} is waiting for a machine`;
  const cause = OUT_OF_STOCK.has(error)
    ? `Zone ${vm.zone} is out of stock of the requested machine type (${error}).`
    : `Compute Engine could not start the VM in ${vm.zone} (${error}).`;
  const reason = `${cause} The start is retried with growing pauses.`;
  const details = fields({
    Run: inlineCode(runId),
    'Machine types': machineTypes.map(inlineCode).join(' '),
    'Retries end': describeTime(giveUpAt),
  });
  return { text, blocks: [header(`:hourglass: ${text}`), section(reason), details, cancelIt(runId)] };
}

export function retrying(status: Status, reason: string): SlackMessage {
  const { target, runId, attempt } = status;
  const text = `${target} is being retried`;
  const details = fields({ Run: inlineCode(runId), Attempt: String(attempt ?? 1) });
  return { text, blocks: [header(`:repeat: ${text}`), section(redact(reason)), details, cancelIt(runId)] };
}

export function vmOff(status: Status): SlackMessage {
  const text = `${status.vm.instance} is off`;
  const proof = stopProof(status.vm);
  return {
    text,
    blocks: [
      section(proof ? `${text}: ${proof}.` : `${text}.`),
      context(`Run ${status.runId} of ${status.target}.`),
    ],
  };
}

export function cancelTooLate(status: Status): SlackMessage {
  const text = `Too late to cancel ${status.target}`;
  const ended = `${labelOf(status)}${status.finishedAt ? `, ${describeTime(status.finishedAt)}` : ''}`;
  const details = fields({ Run: inlineCode(status.runId), Result: ended });
  return { text, blocks: [header(`:information_source: ${text}`), details] };
}

function cancelIt(runId: string) {
  return commands({ 'Cancel it': `vicinity cancel ${runId}` });
}
