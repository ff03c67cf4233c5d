import { emoji } from './emoji.ts';

/** Slack's mrkdwn as a tree (https://docs.slack.dev/messaging/formatting-message-text). */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'mention'; text: string }
  | { kind: 'link'; url: string; label: string }
  | { kind: Style; children: Inline[] };
export type Style = 'bold' | 'italic' | 'strike';

export type Part =
  | { kind: 'paragraph'; lines: Inline[][] }
  | { kind: 'quote'; lines: Inline[][] }
  | { kind: 'preformatted'; text: string };

const STYLES: Record<string, Style> = { '*': 'bold', _: 'italic', '~': 'strike' };
const FENCE = /```\n?([\s\S]*?)\n?```/;
/** A style begins after a non-word character and ends before one; its content neither begins nor ends with a blank. */
const STYLED = /(?<![\p{L}\p{N}])(?<mark>[*_~])(?<styled>\S|\S.*?\S)\k<mark>(?![\p{L}\p{N}])/u;
const INLINE = new RegExp(
  ['`(?<code>[^`]+)`', '<(?<link>[^<>]+)>', ':(?<emoji>[a-z0-9_+-]+):', STYLED.source].join('|'),
  'u',
);

export function parseMrkdwn(source: string): Part[] {
  const pieces = source.split(FENCE);
  return pieces.flatMap((piece, index): Part[] => {
    if (index % 2 === 1) return [{ kind: 'preformatted', text: decodeEntities(piece) }];
    return lineParts(trimBeside(piece, index, pieces.length));
  });
}

/** Plain text has no markup but emoji shortcodes. */
export function parsePlain(source: string): Part[] {
  const lines = plainText(source).split('\n');
  return [{ kind: 'paragraph', lines: lines.map((text) => [{ kind: 'text', text }]) }];
}

export function plainText(source: string): string {
  return source.replace(/:([a-z0-9_+-]+):/g, (_, name: string) => emoji(name));
}

/** A fence stands on lines of its own: the line ends beside it are part of it. */
function trimBeside(piece: string, index: number, count: number): string {
  const withoutStart = index > 0 ? piece.replace(/^\n/, '') : piece;
  return index < count - 1 ? withoutStart.replace(/\n$/, '') : withoutStart;
}

function lineParts(text: string): Part[] {
  if (text === '') return [];
  const parts: { kind: 'paragraph' | 'quote'; lines: Inline[][] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:>|&gt;) ?/.exec(line)?.[0];
    const kind = quoted === undefined ? 'paragraph' : 'quote';
    const content = parseInline(line.slice(quoted?.length ?? 0));
    const last = parts.at(-1);
    if (last?.kind === kind) last.lines.push(content);
    else parts.push({ kind, lines: [content] });
  }
  return parts;
}

export function parseInline(source: string): Inline[] {
  const match = INLINE.exec(source);
  if (!match) return textOf(source);
  const before = source.slice(0, match.index);
  const after = source.slice(match.index + match[0].length);
  return [...textOf(before), inlineOf(match.groups ?? {}), ...parseInline(after)];
}

function inlineOf({
  code,
  link,
  emoji: name,
  mark,
  styled = '',
}: Record<string, string | undefined>): Inline {
  if (code !== undefined) return { kind: 'code', text: decodeEntities(code) };
  if (link !== undefined) return linkOf(link);
  if (name !== undefined) return { kind: 'text', text: emoji(name) };
  return { kind: STYLES[mark ?? ''] ?? 'bold', children: parseInline(styled) };
}

/** What stands between `<` and `>`: a link, a user `@U1`, a channel `#C1`, or a command `!here`, `!date^…`. */
function linkOf(content: string): Inline {
  const [target = '', label] = content.split('|', 2);
  if (target.startsWith('@') || target.startsWith('#')) {
    return { kind: 'mention', text: label ? `${target[0]}${decodeEntities(label)}` : target };
  }
  if (target.startsWith('!date^')) return { kind: 'text', text: decodeEntities(label ?? target) };
  if (target.startsWith('!')) return { kind: 'mention', text: `@${target.slice(1)}` };
  return { kind: 'link', url: decodeEntities(target), label: decodeEntities(label ?? target) };
}

function textOf(text: string): Inline[] {
  return text === '' ? [] : [{ kind: 'text', text: decodeEntities(text) }];
}

function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
