import { styleText } from 'node:util';
import type { Activity } from '../local/activity.ts';
import { renderText, type TerminalOptions } from '../local/slack/terminal.ts';

const NAME_WIDTH = 16;

/** What to show of an activity, in lines; none where it says nothing new. `now` is cloud time. */
export function activityText(activity: Activity, now: Date, options: TerminalOptions): string | undefined {
  if (activity.kind === 'slack') return `\n${renderText(activity.message, options)}\n`;
  const line = textOf(activity);
  if (!line) return undefined;
  const [name, text] = line;
  const time = `${now.toISOString().slice(11, 19)}Z`;
  const shownTime = options.colour ? styleText('dim', time, { validateStream: false }) : time;
  return `${shownTime} ${name.padEnd(NAME_WIDTH)} ${text}`;
}

function textOf(activity: Exclude<Activity, { kind: 'slack' }>): [name: string, text: string] | undefined {
  switch (activity.kind) {
    case 'delivery':
      return deliveryText(activity.event);
    case 'function': {
      const { event } = activity;
      const problem = event.problem ? `: ${event.problem}` : '';
      return [event.function, `answered ${event.status} after ${event.milliseconds} ms${problem}`];
    }
    case 'instance':
      return [activity.name, `${activity.before} → ${activity.status}`];
    case 'slack-refused':
      return ['slack', `refused a message: ${activity.code} (${activity.detail})`];
  }
}

type DeliveryEvent = Extract<Activity, { kind: 'delivery' }>['event'];

/** An acknowledgement follows from the function's answer, so it is not shown. */
function deliveryText({
  kind,
  subscription,
  messageId,
  attempt,
  detail,
}: DeliveryEvent): [name: string, text: string] | undefined {
  if (kind === 'acknowledged') return undefined;
  const name = subscription.split('/').at(-1) ?? '';
  const tries = attempt > 1 ? `, attempt ${attempt}` : '';
  return [name, `message ${messageId} ${kind}${tries}${detail ? ` (${detail})` : ''}`];
}
