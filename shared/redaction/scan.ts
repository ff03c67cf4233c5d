/**
 * Reads a text character by character. Every scan moves forward only, or back over characters that no other scan goes back over, so
 * that redaction takes linear time on any text. Regular expressions do not: a failed match starts again at the next character.
 */
export type Text = Pick<string, 'length' | 'charCodeAt'>;

/** Half-open range of character offsets. */
export interface Span {
  from: number;
  to: number;
}

export type CharacterClass = (code: number) => boolean;

/** The ASCII characters that a pattern matches, as a table: it is asked about every character of a text. */
function classOf(pattern: RegExp): CharacterClass {
  const isMember = Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)));
  return (code) => isMember[code] === true;
}

export const isWord = classOf(/\w/);
/** Names and most tokens consist of these. */
export const isNamePart = classOf(/[\w-]/);
export const isTokenPart = classOf(/[\w.-]/);
export const isCapital = classOf(/[A-Z]/);
export const isCapitalOrBlank = classOf(/[A-Z ]/);
export const isCapitalOrDigit = classOf(/[A-Z0-9]/);
export const isBase64 = classOf(/[A-Za-z0-9+/=]/);
export const isSpace = classOf(/\s/);
/** Ends a URL in a log line or a JSON document. */
export const endsUrl = classOf(/[\s"'<>\\]/);

/** End of the run of members that begins at `from`; `from` itself where there is none. */
export function runEnd(text: Text, from: number, isMember: CharacterClass, to = text.length): number {
  let at = from;
  while (at < to && isMember(text.charCodeAt(at))) at += 1;
  return at;
}

/** Start of the run of members that ends before `to`. */
export function runStart(text: Text, to: number, isMember: CharacterClass, from = 0): number {
  let at = to;
  while (at > from && isMember(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

export function startsWith(text: Text, at: number, literal: string): boolean {
  for (let index = 0; index < literal.length; index += 1)
    if (text.charCodeAt(at + index) !== literal.charCodeAt(index)) return false;
  return true;
}

/** The text with each span replaced. Spans are in order and do not overlap. */
export function replaceSpans(text: string, spans: Span[], replacement: string): string {
  if (spans.length === 0) return text;
  let end = 0;
  const parts = spans.map(({ from, to }) => {
    const kept = text.slice(end, from);
    end = to;
    return kept + replacement;
  });
  return parts.join('') + text.slice(end);
}
