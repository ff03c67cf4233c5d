import { describeSeconds } from '../config/duration.ts';
import type { Started } from '../model/notification.ts';
import { describeDollars, describeHourly } from '../pricing/costs.ts';
import { context, fields, header } from './blocks.ts';
import { escapeText, inlineCode } from './escape.ts';
import { nextCommands, originText, parametersText } from './run-fields.ts';
import type { SlackMessage } from './slack-message.ts';

/** The start of a run: who started it, its expected time and cost, and the commands that follow and cancel it. */
export function started(notification: Started): SlackMessage {
  const { machineType, maxSeconds } = notification;
  const status = { ...notification.status, vm: { ...notification.status.vm, machineType } };
  const { runId, target, requestedBy } = status;
  const text = `${target} has started`;
  const blocks = [
    header(`:rocket: ${text}`),
    fields({
      Run: inlineCode(runId),
      'Started by': requestedBy && escapeText(requestedBy),
      'Expected time': expectedTime(notification),
      'Expected cost': escapeText(expectedCost(notification)),
      Parameters: parametersText(status),
      'Time limit': describeSeconds(maxSeconds),
    }),
    nextCommands(status),
    context(originText(status)),
  ];
  return { text, blocks };
}

function expectedTime({ expected }: Started): string {
  if (!expected) return 'unknown: no run of this target has succeeded yet';
  return `${describeSeconds(expected.seconds)}, like the last good run`;
}

/** Without an earlier run: what a run up to the time limit would cost. */
function expectedCost({ dollarsPerHour, provisioning, expected, maxSeconds, machineType }: Started): string {
  if (dollarsPerHour === undefined) return `unknown: vicinity.yaml has no price for ${machineType}`;
  const rate = `${describeHourly(dollarsPerHour)}${provisioning === 'spot' ? ' (Spot)' : ''}`;
  if (expected?.dollars !== undefined) return `${describeDollars(expected.dollars)} at ${rate}`;
  return `${rate}, at most ${describeDollars((dollarsPerHour * maxSeconds) / 3600)}`;
}
