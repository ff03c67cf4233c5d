/** Slack's own escaping: these three only (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped text as inline code; a backtick would end it. */
export function inlineCode(text: string): string {
  return `\`${escapeText(text).replaceAll('`', 'ʼ')}\``;
}

/** Lines as a code block of at most `most` characters, the last ones kept. */
export function codeBlock(lines: string[], most: number): string {
  const body = lines.map((line) => escapeText(line).replaceAll('```', 'ʼʼʼ')).join('\n');
  const room = most - '```\n\n```'.length;
  const kept = body.length > room ? `…${body.slice(body.length - room + 1).replace(BROKEN_START, '')}` : body;
  return `\`\`\`\n${kept}\n\`\`\``;
}

/** Text cut to Slack's limit for its place. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(BROKEN_END, '')}…` : text;
}

/** What a cut leaves of an escaped character, or of one that UTF-16 has in two parts. */
const BROKEN_START = /^(?:[a-z]{0,3};|[\uDC00-\uDFFF])/;
const BROKEN_END = /(?:&[a-z]{0,3}|[\uD800-\uDBFF])$/;
