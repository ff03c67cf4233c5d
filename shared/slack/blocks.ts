import type { KnownBlock } from '@slack/types';
import { cut, escapeText } from './escape.ts';

/** Slack's limits, in characters (https://docs.slack.dev/reference/block-kit/blocks). */
const HEADER = 150;
const SECTION = 3000;
const FIELD = 2000;
const MOST_FIELDS = 10;

export function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text: cut(text, HEADER), emoji: true } };
}

/** A paragraph. Text is escaped unless it has been already. */
export function section(text: string, { escaped = false } = {}): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(escaped ? text : escapeText(text), SECTION) } };
}

/** Names and values in two columns. Values are mrkdwn, escaped by the caller; absent ones are left out. */
export function fields(values: Record<string, string | undefined>): KnownBlock {
  const present = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return {
    type: 'section',
    fields: present
      .slice(0, MOST_FIELDS)
      .map(([name, value]) => ({ type: 'mrkdwn', text: cut(`*${escapeText(name)}*\n${value}`, FIELD) })),
  };
}

/** Small grey print. */
export function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: cut(escapeText(text), SECTION) }] };
}
