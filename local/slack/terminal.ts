import { styleText } from 'node:util';
import { contentOf, type Piece } from './content.ts';
import { postedAt, type SlackMessage } from './message.ts';
import type { Inline, Part } from './mrkdwn.ts';
import { type Format, padTo, type Span, wrap } from './wrap.ts';

export interface TerminalOptions {
  colour: boolean;
  /** Columns of the terminal. */
  width: number;
  /** The channel's name, without `#`. */
  channel: string;
}

const FIELD_GAP = 3;
const LEAST_FIELD_WIDTH = 18;

/** A message as a person would see it in Slack, for a terminal: lines without a newline at the end. */
export function renderText(message: SlackMessage, { colour, width, channel }: TerminalOptions): string {
  const paint: Paint = (format, text) =>
    colour && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  const time = postedAt(message).toISOString().slice(11, 16);
  const head = `${paint(['bold'], `#${channel}`)} ${paint(['dim'], `${time} UTC`)}`;
  const body = piecesLines(contentOf(message), width - 2, paint).map((line) => `  ${line}`.trimEnd());
  return [head, ...body].join('\n');
}

type Paint = (format: Format[], text: string) => string;

function piecesLines(pieces: Piece[], width: number, paint: Paint): string[] {
  return pieces.flatMap((piece) => pieceLines(piece, width, paint));
}

function pieceLines(piece: Piece, width: number, paint: Paint): string[] {
  switch (piece.kind) {
    case 'header':
      return paragraph([{ text: piece.text, format: ['bold'] }], width, paint);
    case 'text':
      return piece.parts.flatMap((part) => partLines(part, width, paint));
    case 'fields':
      return fieldLines(piece.fields, width, paint);
    case 'context':
      return contextLines(piece.elements, width, paint);
    case 'divider':
      return [paint(['dim'], '─'.repeat(width))];
    case 'aside':
      return piecesLines(piece.pieces, width - 2, paint).map((line) => `${paint(['dim'], '┃')} ${line}`);
  }
}

function partLines(part: Part, width: number, paint: Paint): string[] {
  if (part.kind === 'preformatted') {
    return part.text.split('\n').map((line) => paint(['dim'], `│ ${line}`));
  }
  const indent = part.kind === 'quote' ? '▎ ' : '';
  return part.lines
    .flatMap((line) => paragraph(spansOf(line), width - indent.length, paint))
    .map((line) => paint(['dim'], indent) + line);
}

/** Two columns, as Slack shows them, where both are wide enough to be read; else one below the other. */
function fieldLines(fields: Part[][], width: number, paint: Paint): string[] {
  const column = Math.floor((width - FIELD_GAP) / 2);
  const columns = column < LEAST_FIELD_WIDTH ? 1 : 2;
  const cells = fields.map((parts) =>
    parts.flatMap((part) => partLines(part, columns === 2 ? column : width, paint)),
  );
  if (columns === 1) return cells.flat();
  const lines: string[] = [];
  for (let index = 0; index < cells.length; index += 2) {
    const [left = [], right = []] = [cells[index], cells[index + 1]];
    for (let row = 0; row < Math.max(left.length, right.length); row += 1) {
      lines.push(padTo(left[row] ?? '', column + FIELD_GAP) + (right[row] ?? ''));
    }
  }
  return lines;
}

/** The elements of a context stand on one line, as Slack shows them. */
function contextLines(elements: Part[][], width: number, paint: Paint): string[] {
  const spans = elements.flatMap((parts, index): Span[] => [
    ...(index > 0 ? [{ text: ' · ', format: [] }] : []),
    ...parts.flatMap((part) =>
      part.kind === 'preformatted'
        ? [{ text: part.text, format: [] }]
        : part.lines.flatMap((line) => spansOf(line)),
    ),
  ]);
  return paragraph(
    spans.map((span): Span => ({ ...span, format: ['dim', ...span.format] })),
    width,
    paint,
  );
}

function paragraph(spans: Span[], width: number, paint: Paint): string[] {
  return wrap(spans, width).map((line) => line.map(({ text, format }) => paint(format, text)).join(''));
}

function spansOf(inlines: Inline[], format: Format[] = []): Span[] {
  return inlines.flatMap((inline) => inlineSpans(inline, format));
}

function inlineSpans(inline: Inline, format: Format[]): Span[] {
  switch (inline.kind) {
    case 'text':
      return [{ text: inline.text, format }];
    case 'code':
      return [{ text: inline.text, format: [...format, 'cyan'] }];
    case 'mention':
      return [{ text: inline.text, format: [...format, 'yellow'] }];
    case 'link':
      return linkSpans(inline, format);
    case 'bold':
      return spansOf(inline.children, [...format, 'bold']);
    case 'italic':
      return spansOf(inline.children, [...format, 'italic']);
    case 'strike':
      return spansOf(inline.children, [...format, 'strikethrough']);
  }
}

/** A terminal cannot hide the address behind the label. */
function linkSpans({ url, label }: { url: string; label: string }, format: Format[]): Span[] {
  if (label === url) return [{ text: url, format: [...format, 'underline'] }];
  return [
    { text: label, format: [...format, 'underline'] },
    { text: ` (${url})`, format: [...format, 'dim'] },
  ];
}
