import { contentOf, type Piece } from './content.ts';
import { postedAt, type SlackMessage } from './message.ts';
import type { Inline, Part } from './mrkdwn.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { Workspace } from './workspace.ts';

const TAGS = { bold: 'strong', italic: 'em', strike: 's' } as const;

/** Shows new messages without a reload; the browser itself reconnects a broken connection. */
const FOLLOW = `
new EventSource('/events').addEventListener('message', async () => {
  const page = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html');
  document.querySelector('main').replaceWith(page.querySelector('main'));
  scrollTo({ top: document.body.scrollHeight, behavior: 'smooth' });
});
scrollTo(0, document.body.scrollHeight);`;

/** The channel as Slack would show it, as one page that loads nothing from elsewhere. */
export function channelPage(messages: SlackMessage[], workspace: Workspace): string {
  const { channel, emptyHint = '' } = workspace;
  const name = escapeHtml(channel);
  const content =
    messages.length > 0
      ? daysHtml(messages, workspace)
      : `<p class="empty">No messages yet.${emptyHint && ` ${emptyHint}`}</p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>#${name}: the local Slack channel</title>
<link rel="icon" href="data:,">
<style>${PAGE_STYLE}</style>
<header><h1># ${name}</h1><p>Messages sent to the local cloud’s Slack</p></header>
<main>${content}</main>
<script>${FOLLOW}</script>
</html>
`;
}

function daysHtml(messages: SlackMessage[], { app }: Workspace): string {
  const days = Map.groupBy(inThreads(messages), (message) => postedAt(message).toISOString().slice(0, 10));
  return [...days]
    .map(([day, ofDay]) => dayLine(day) + ofDay.map((message) => messageHtml(message, app)).join(''))
    .join('');
}

/** Each message, followed by its thread. */
function inThreads(messages: SlackMessage[]): SlackMessage[] {
  return messages
    .filter(({ thread_ts }) => thread_ts === undefined)
    .flatMap((message) => [message, ...messages.filter(({ thread_ts }) => thread_ts === message.ts)]);
}

function dayLine(day: string): string {
  const format = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' });
  return `<div class="day"><span>${format.format(new Date(day))}</span></div>`;
}

function messageHtml(message: SlackMessage, app: string): string {
  const time = postedAt(message).toISOString();
  const edited = message.isEdited ? ' <span class="edited">(edited)</span>' : '';
  const picture = message.picture
    ? `<img src="${escapeHtml(message.picture.path)}" alt="${escapeHtml(message.picture.name)}">`
    : '';
  return `<article id="${escapeHtml(message.ts)}"${message.thread_ts ? ' class="reply"' : ''}><div class="avatar" aria-hidden="true">${escapeHtml(app.slice(0, 1))}</div><div class="message">
<div class="by"><b>${escapeHtml(app)}</b> <span class="app">APP</span> <time datetime="${time}" title="${time}">${time.slice(11, 16)} UTC</time>${edited}</div>
${contentOf(message).map(pieceHtml).join('\n')}${picture}</div></article>`;
}

function pieceHtml(piece: Piece): string {
  switch (piece.kind) {
    case 'header':
      return `<h2>${escapeHtml(piece.text)}</h2>`;
    case 'text':
      return `<div class="section">${partsHtml(piece.parts)}</div>`;
    case 'fields':
      return `<div class="fields">${piece.fields.map((field) => `<div>${partsHtml(field)}</div>`).join('')}</div>`;
    case 'context':
      return `<div class="context">${piece.elements.map((parts) => `<div>${partsHtml(parts)}</div>`).join('')}</div>`;
    case 'divider':
      return '<hr>';
    case 'aside':
      return `<div class="aside" style="--bar: ${piece.colour}">${piece.pieces.map(pieceHtml).join('')}</div>`;
  }
}

function partsHtml(parts: Part[]): string {
  return parts.map(partHtml).join('');
}

function partHtml(part: Part): string {
  if (part.kind === 'preformatted') return `<pre>${escapeHtml(part.text)}</pre>`;
  const lines = part.lines.map((line) => line.map(inlineHtml).join('')).join('<br>');
  return part.kind === 'quote' ? `<blockquote>${lines}</blockquote>` : `<p>${lines}</p>`;
}

function inlineHtml(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      return escapeHtml(inline.text);
    case 'code':
      return `<code>${escapeHtml(inline.text)}</code>`;
    case 'mention':
      return `<span class="mention">${escapeHtml(inline.text)}</span>`;
    case 'link':
      return linkHtml(inline);
    default: {
      const tag = TAGS[inline.kind];
      return `<${tag}>${inline.children.map(inlineHtml).join('')}</${tag}>`;
    }
  }
}

/** Only schemes that cannot run a script become links. */
function linkHtml({ url, label }: { url: string; label: string }): string {
  if (!/^(?:https?|mailto|slack):/i.test(url)) return escapeHtml(label);
  return `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(label)}</a>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
