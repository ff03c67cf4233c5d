/** Shapes of secrets that a log line or an error may carry by accident. */
const SECRETS = [
  /https:\/\/hooks\.slack\.com\/[^\s"'<>\\]+/,
  /\bxox[abeprs]-[\w-]{10,}/,
  /\bya29\.[\w.-]{10,}/,
  /\bAIza[\w-]{30,}/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/,
  /\bgh[opsu]_\w{20,}/,
  /\bAKIA[A-Z0-9]{16}\b/,
];
const SECRET = new RegExp(SECRETS.map(({ source }) => source).join('|'), 'g');
const ASSIGNED =
  /\b([\w-]*(?:password|passwd|secret|token|api[_-]?key)[\w-]*\s*[=:]\s*)("[^"]*"|'[^']*'|\S+)/gi;

const KEY_MARK = 'PRIVATE KEY-----';
const KEY_BEGIN = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const KEY_END = /^.*-----END [A-Z ]*PRIVATE KEY-----/;
const WHOLE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----/g;
/** A line of a key: base64 alone, at the end of a longer line, or a header such as `Proc-Type: 4,ENCRYPTED`. */
const KEY_LINE = /^\s*[A-Za-z0-9+/=]*\s*$|[A-Za-z0-9+/=]{32,}\s*$|^[A-Z][\w-]+: /;

const REDACTED = '[redacted]';

/** Text without what looks like a secret. */
export function redact(text: string): string {
  return redactKeys(text.replaceAll(SECRET, REDACTED)).replaceAll(ASSIGNED, `$1${REDACTED}`);
}

/** Whether the text has the shape of a secret. Names such as `token=` alone do not count. */
export function looksSecret(text: string): boolean {
  return KEY_BEGIN.test(text) || text.search(SECRET) >= 0;
}

/** Private keys over several lines, even where the text begins or ends within one. */
function redactKeys(text: string): string {
  if (!text.includes(KEY_MARK)) return text;
  const kept: string[] = [];
  let isInside = false;
  for (const whole of text.split('\n')) {
    const line = whole.replaceAll(WHOLE_KEY, REDACTED);
    const begin = line.search(KEY_BEGIN);
    if (KEY_END.test(line)) {
      // Its beginning was cut off: the lines before belong to it.
      while (!isInside && kept.length > 0 && KEY_LINE.test(kept.at(-1) ?? '')) kept.pop();
      if (!isInside) kept.push(REDACTED);
      isInside = false;
    } else if (begin >= 0) {
      kept.push(`${line.slice(0, begin)}${REDACTED}`);
      isInside = true;
    } else if (!isInside || !KEY_LINE.test(line)) {
      kept.push(line);
      isInside = false;
    }
  }
  return kept.join('\n');
}
