import type { KnownBlock } from '@slack/types';
import { codeBlock, cut, escapeText, inlineCode } from './escape.ts';

/**
 * In characters. Slack allows more in a section (3000) and in a field (2000), but no more than 13,200 in a whole message, which it does
 * not document (https://docs.slack.dev/reference/block-kit/blocks): the longest of ours has four sections, ten fields, a context.
 */
const HEADER = 150;
const SECTION = 1600;
const CODE = 2500;
const FIELD = 500;
const MAX_FIELDS = 10;
const CONTEXT = 500;

export function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text: cut(text, HEADER), emoji: true } };
}

/** Lines as they are, in a fixed-width font; the last ones where there is no room for all. */
export function code(lines: string[], most = CODE): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: codeBlock(lines, most) } };
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
      .slice(0, MAX_FIELDS)
      .map(([name, value]) => ({ type: 'mrkdwn', text: cut(`*${escapeText(name)}*\n${value}`, FIELD) })),
  };
}

/** What a reader may type next, by what it does: a line each. */
export function commands(lines: Record<string, string>): KnownBlock {
  const text = Object.entries(lines).map(([effect, command]) => `${effect}: ${inlineCode(command)}`);
  return section(text.join('\n'), { escaped: true });
}

/** Small grey print. */
export function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: cut(escapeText(text), CONTEXT) }] };
}
