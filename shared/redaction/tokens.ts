import {
  endsUrl,
  isCapitalOrDigit,
  isNamePart,
  isTokenPart,
  isWord,
  runEnd,
  type Span,
  startsWith,
  type Text,
} from './scan.ts';

const WEBHOOK = 'https://hooks.slack.com/';
const AWS_KEY_CHARACTERS = 16;

/** Tokens that are known by their own form: Slack webhooks and tokens, Google, GitHub and AWS keys, signed tokens (JWT). */
export function tokenSpans(text: Text): Span[] {
  const spans: Span[] = [];
  let at = 0;
  while (at < text.length) {
    const url = webhook(text, at);
    if (url) spans.push(url);
    at = url?.to ?? findInRun(text, at, runEnd(text, at, isNamePart), spans);
  }
  return spans;
}

function webhook(text: Text, at: number): Span | undefined {
  if (!startsWith(text, at, WEBHOOK)) return undefined;
  const path = at + WEBHOOK.length;
  const to = runEnd(text, path, (code) => !endsUrl(code));
  return to > path ? { from: at, to } : undefined;
}

/** Adds the tokens that begin within a run of name characters. Returns where to go on: behind the run, or the last token. */
function findInRun(text: Text, from: number, end: number, spans: Span[]): number {
  const signedEnd = once(() => signedTokenEnd(text, end));
  let at = from;
  while (at < end) {
    const isStart = isWord(text.charCodeAt(at)) && (at === from || !isWord(text.charCodeAt(at - 1)));
    const to = isStart ? tokenEnd(text, at, end, signedEnd) : undefined;
    if (to !== undefined) spans.push({ from: at, to });
    at = to ?? at + 1;
  }
  return Math.max(at, from + 1);
}

function once(find: () => number): () => number {
  let found: number | undefined;
  return () => {
    found ??= find();
    return found;
  };
}

/** End of a token that begins at `at`; `end` is where the run of name characters ends. */
function tokenEnd(text: Text, at: number, end: number, signedEnd: () => number): number | undefined {
  if (startsWith(text, at, 'xox') && 'abeprs'.includes(charAt(text, at + 3)) && charAt(text, at + 4) === '-')
    return end - (at + 5) >= 10 ? end : undefined;
  if (startsWith(text, at, 'AIza')) return end - (at + 4) >= 30 ? end : undefined;
  if (startsWith(text, at, 'gh') && 'opsu'.includes(charAt(text, at + 2)) && charAt(text, at + 3) === '_') {
    const to = runEnd(text, at + 4, isWord, end);
    return to - (at + 4) >= 20 ? to : undefined;
  }
  if (startsWith(text, at, 'AKIA')) {
    const to = runEnd(text, at + 4, isCapitalOrDigit, Math.min(end, at + 4 + AWS_KEY_CHARACTERS));
    return to - (at + 4) === AWS_KEY_CHARACTERS && !isWord(text.charCodeAt(to)) ? to : undefined;
  }
  if (startsWith(text, at, 'ya29.')) {
    const to = runEnd(text, at + 5, isTokenPart);
    return to - (at + 5) >= 10 ? to : undefined;
  }
  if (startsWith(text, at, 'eyJ') && end - (at + 3) >= 10 && signedEnd() > end) return signedEnd();
  return undefined;
}

/** Header, payload and signature of a signed token are joined by dots; `end` is where the header ends. `end` itself where it is none. */
function signedTokenEnd(text: Text, end: number): number {
  if (charAt(text, end) !== '.') return end;
  const payload = runEnd(text, end + 1, isNamePart);
  if (payload - (end + 1) < 10 || charAt(text, payload) !== '.') return end;
  return runEnd(text, payload + 1, isNamePart);
}

/** A space past the end, which no token has. */
function charAt(text: Text, at: number): string {
  return at < text.length ? String.fromCharCode(text.charCodeAt(at)) : ' ';
}
