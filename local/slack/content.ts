import type { Attachment, Image, SlackBlock, SlackMessage, Text } from './message.ts';
import { type Part, parseMrkdwn, parsePlain, plainText } from './mrkdwn.ts';

/** A message as a reader sees it, apart from where it is shown: each renderer turns these pieces into its own form. */
export type Piece =
  | { kind: 'header'; text: string }
  | { kind: 'text'; parts: Part[] }
  | { kind: 'fields'; fields: Part[][] }
  | { kind: 'context'; elements: Part[][] }
  | { kind: 'divider' }
  | { kind: 'aside'; colour: string; pieces: Piece[] };

/** Slack's names of attachment colours. */
const COLOURS: Record<string, string> = { good: '#2eb886', warning: '#daa038', danger: '#a30200' };
const DEFAULT_COLOUR = '#dddddd';

/** Where a message has blocks, its text is only what a notification shows. */
export function contentOf({ text, blocks, attachments = [] }: SlackMessage): Piece[] {
  const body = blocks && blocks.length > 0 ? blocks.flatMap(pieceOf) : textPiece(text);
  return [...body, ...attachments.map(asideOf)];
}

function pieceOf(block: SlackBlock): Piece[] {
  switch (block.type) {
    case 'header':
      return [{ kind: 'header', text: plainText(block.text.text) }];
    case 'section':
      return [
        ...(block.text ? [{ kind: 'text' as const, parts: partsOf(block.text) }] : []),
        ...(block.fields?.length ? [{ kind: 'fields' as const, fields: block.fields.map(partsOf) }] : []),
      ];
    case 'context':
      return [{ kind: 'context', elements: block.elements.map(partsOf) }];
    case 'divider':
      return [{ kind: 'divider' }];
    case 'image':
      return [{ kind: 'context', elements: [partsOf(block)] }];
    case 'actions':
      return [];
  }
}

function asideOf({ color = '', text, fallback, blocks }: Attachment): Piece {
  const pieces = blocks ? blocks.flatMap(pieceOf) : textPiece(text ?? fallback);
  return { kind: 'aside', colour: colourOf(color), pieces };
}

function colourOf(color: string): string {
  const named = COLOURS[color];
  if (named) return named;
  return /^#?[0-9a-f]{6}$/i.test(color) ? `#${color.replace('#', '')}` : DEFAULT_COLOUR;
}

function textPiece(text = ''): Piece[] {
  return text === '' ? [] : [{ kind: 'text', parts: parseMrkdwn(text) }];
}

/** Images are not fetched: their description stands for them. */
function partsOf(element: Text | Image): Part[] {
  if (element.type === 'image') return parsePlain(`[${element.alt_text}]`);
  return element.type === 'mrkdwn' ? parseMrkdwn(element.text) : parsePlain(element.text);
}
