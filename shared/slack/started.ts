import { describeSeconds } from '../config/duration.ts';
import type { Started } from '../model/notification.ts';
import { describeDollars, describeHourly } from '../pricing/costs.ts';
import { commands, context, fields, header } from './blocks.ts';
import { escapeText, inlineCode } from './escape.ts';
import { parametersText, placeText } from './finished.ts';
import type { SlackMessage } from './slack-message.ts';

/** The start of a run: who wanted what, what it will take and cost, how to follow and how to cancel it. */
export function started(notification: Started): SlackMessage {
  const { status, machineType, maxSeconds } = notification;
  const { runId, target, params, requestedBy, vm } = status;
  const text = `${target} has started`;
  const blocks = [
    header(`:rocket: ${text}`),
    fields({
      Run: inlineCode(runId),
      'Asked for by': requestedBy && escapeText(requestedBy),
      'Expected time': expectedTime(notification),
      'Expected cost': escapeText(expectedCost(notification)),
      Parameters: parametersText(params),
      'Time limit': describeSeconds(maxSeconds),
    }),
    commands({ 'Follow it': `vicinity logs ${runId} --follow`, 'Cancel it': `vicinity cancel ${runId}` }),
    context(placeText({ ...status, vm: { ...vm, machineType } })),
  ];
  return { text, blocks };
}

function expectedTime({ expected }: Started): string {
  if (!expected) return 'not known: no run of this target has succeeded yet';
  return `${describeSeconds(expected.seconds)}, as the last good run took`;
}

/** Without a earlier run, what the time limit would cost. */
function expectedCost({ dollarsPerHour, provisioning, expected, maxSeconds, machineType }: Started): string {
  if (dollarsPerHour === undefined) return `not known: vicinity.yaml has no price for ${machineType}`;
  const rate = `${describeHourly(dollarsPerHour)}${provisioning === 'spot' ? ' (Spot)' : ''}`;
  if (expected?.dollars !== undefined) return `${describeDollars(expected.dollars)} at ${rate}`;
  return `${rate}, at most ${describeDollars((dollarsPerHour * maxSeconds) / 3600)}`;
}
