import { isNamePart, isSpace, runEnd, type Span, startsWith, type Text } from './scan.ts';

const SECRET_NAMES = ['password', 'passwd', 'secret', 'token', 'apikey', 'api_key', 'api-key'];
const INITIALS = new Set([...'pstaPSTA'].map((letter) => letter.charCodeAt(0)));
const LONGEST_NAME = 8;

/** Values that are assigned to a name such as `DB_PASSWORD`: one word, or text in quotes. */
export function assignedSpans(text: Text): Span[] {
  const spans: Span[] = [];
  let at = 0;
  while (at < text.length) {
    if (!isNamePart(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const end = runEnd(text, at, isNamePart);
    const value = isSecretName(text, at, end) ? valueAfter(text, end) : undefined;
    if (value) spans.push(value);
    at = value?.to ?? end;
  }
  return spans;
}

function isSecretName(text: Text, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (!INITIALS.has(text.charCodeAt(at))) continue;
    const word = lowerCase(text, at, Math.min(to, at + LONGEST_NAME));
    if (SECRET_NAMES.some((name) => word.startsWith(name))) return true;
  }
  return false;
}

function lowerCase(text: Text, from: number, to: number): string {
  const codes = Array.from({ length: to - from }, (_, index) => text.charCodeAt(from + index));
  return String.fromCharCode(...codes).toLowerCase();
}

function valueAfter(text: Text, nameEnd: number): Span | undefined {
  const separator = runEnd(text, nameEnd, isSpace);
  if (!startsWith(text, separator, '=') && !startsWith(text, separator, ':')) return undefined;
  const from = runEnd(text, separator + 1, isSpace);
  const quoted = quotedEnd(text, from);
  const to = quoted ?? runEnd(text, from, (code) => !isSpace(code));
  return to > from ? { from, to } : undefined;
}

/** Behind the closing quote; undefined without one. A second quote that is never closed does not follow the first: it would close it. */
function quotedEnd(text: Text, from: number): number | undefined {
  const quote = text.charCodeAt(from);
  if (quote !== 0x22 && quote !== 0x27) return undefined;
  const end = runEnd(text, from + 1, (code) => code !== quote);
  return end < text.length ? end + 1 : undefined;
}
