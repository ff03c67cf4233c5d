/** The shapes of a webhook message that the sink shows (https://docs.slack.dev/reference/block-kit/blocks). */

export interface Text {
  type: 'plain_text' | 'mrkdwn';
  text: string;
}

export interface Image {
  type: 'image';
  image_url?: string;
  alt_text: string;
}

export type SlackBlock =
  | { type: 'header'; text: Text }
  | { type: 'section'; text?: Text; fields?: Text[] }
  | { type: 'context'; elements: (Text | Image)[] }
  | { type: 'divider' }
  | Image
  | { type: 'actions'; elements: unknown[] };

/** A secondary part of a message, shown with a coloured bar. */
export interface Attachment {
  /** `good`, `warning`, `danger` or `#rrggbb`. */
  color?: string;
  text?: string;
  fallback?: string;
  blocks?: SlackBlock[];
}

export interface Payload {
  text?: string;
  blocks?: SlackBlock[];
  attachments?: Attachment[];
}

/** What only a bot can add: a place in a thread, and a picture. */
export interface BotParts {
  /** `ts` of the message in whose thread it is. */
  thread_ts?: string;
  /** Shown in the channel as well. */
  isBroadcast?: boolean;
  picture?: { name: string; path: string; bytes: number };
}

/** A message that was accepted. */
export interface SlackMessage extends Payload, BotParts {
  /** Its sender has changed it since. */
  isEdited?: boolean;
  /** Slack's id of the message: seconds since 1970 with six decimals, unique in the channel. */
  ts: string;
}

/** The time at which the message was posted. */
export function postedAt(message: SlackMessage): Date {
  return new Date(Number(message.ts) * 1000);
}
