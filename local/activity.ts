import type { FunctionEvent } from './functions/functions-host.ts';
import type { DeliveryEvent } from './pubsub/delivery.ts';
import type { SlackMessage } from './slack/message.ts';

/** What happens in the local cloud, for those who watch it. */
export type Activity =
  | { kind: 'delivery'; event: DeliveryEvent }
  | { kind: 'function'; event: FunctionEvent }
  | { kind: 'instance'; name: string; status: string; before: string }
  | { kind: 'slack'; message: SlackMessage }
  | { kind: 'slack-refused'; code: string; detail: string };
