import {
  isBase64,
  isCapital,
  isCapitalOrBlank,
  isNamePart,
  isSpace,
  runEnd,
  runStart,
  type Span,
  startsWith,
  type Text,
} from './scan.ts';

interface Marker extends Span {
  kind: 'begin' | 'end';
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const LABEL = 'PRIVATE KEY';
const CLOSING = '-----';
/** Fewer base64 characters at the end of a line may be a word. */
const LEAST_BODY = 32;

const isInLine = (code: number) => code !== 0x0a;

/** Private keys in PEM form (https://www.rfc-editor.org/rfc/rfc7468), also where the text begins or ends within one. */
export function privateKeySpans(text: Text): Span[] {
  const spans: Span[] = [];
  const markers = findMarkers(text);
  let covered = 0;
  for (const [index, marker] of markers.entries()) {
    if (marker.from < covered) continue;
    const span =
      marker.kind === 'begin' ? keyFrom(text, marker, markers[index + 1]) : keyUpTo(text, marker, covered);
    spans.push(span);
    covered = span.to;
  }
  return spans;
}

/** `-----BEGIN RSA PRIVATE KEY-----` and its counterpart, in order. */
function findMarkers(text: Text): Marker[] {
  const markers: Marker[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const kind = startsWith(text, at, BEGIN) ? 'begin' : startsWith(text, at, END) ? 'end' : undefined;
    if (!kind) continue;
    const label = at + (kind === 'begin' ? BEGIN : END).length;
    const to = runEnd(text, label, isCapitalOrBlank);
    const isKey = to - label >= LABEL.length && startsWith(text, to - LABEL.length, LABEL);
    if (isKey && startsWith(text, to, CLOSING)) markers.push({ kind, from: at, to: to + CLOSING.length });
  }
  return markers;
}

/** A key from its beginning: to its end on the same line, or over the lines that look like its body. */
function keyFrom(text: Text, begin: Marker, next: Marker | undefined): Span {
  const { from } = begin;
  const isClosed = next?.kind === 'end';
  let to = runEnd(text, begin.to, isInLine, next?.to);
  if (isClosed && to === next.to) return { from, to };
  to = runEnd(text, to, isInLine);
  while (to < text.length) {
    const line = { from: to + 1, to: runEnd(text, to + 1, isInLine) };
    const isLast = isClosed && next.from < line.to;
    if (!isLast && !isKeyLine(text, line)) break;
    to = line.to;
    if (isLast) break;
  }
  return { from, to };
}

/** A key whose beginning was cut off: its last line, and the lines before it that look like its body. */
function keyUpTo(text: Text, end: Marker, covered: number): Span {
  let from = runStart(text, end.from, isInLine, covered);
  while (from > covered) {
    const line = { from: runStart(text, from - 1, isInLine, covered), to: from - 1 };
    if (!isKeyLine(text, line)) break;
    from = line.from;
  }
  return { from, to: runEnd(text, end.to, isInLine) };
}

/** A line of a key: base64 alone, base64 at the end of a longer line, or a header such as `Proc-Type: 4,ENCRYPTED`. */
function isKeyLine(text: Text, line: Span): boolean {
  const from = runEnd(text, line.from, isSpace, line.to);
  const to = runStart(text, line.to, isSpace, from);
  const body = runStart(text, to, isBase64, from);
  if (body === from || to - body >= LEAST_BODY) return true;
  const name = runEnd(text, line.from, isNamePart, line.to);
  return isCapital(text.charCodeAt(line.from)) && name - line.from >= 2 && startsWith(text, name, ': ');
}
