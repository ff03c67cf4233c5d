/** Shapes of secrets that a log line may carry by accident. */
const SECRETS: RegExp[] = [
  /https:\/\/hooks\.slack\.com\/\S+/g,
  /\bxox[abeprs]-[\w-]{10,}/g,
  /\bya29\.[\w.-]{10,}/g,
  /\bAIza[\w-]{30,}/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g,
  /\bgh[opsu]_\w{20,}/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
const ASSIGNED =
  /\b([\w-]*(?:password|passwd|secret|token|api[_-]?key)[\w-]*\s*[=:]\s*)("[^"]*"|'[^']*'|\S+)/gi;

/** Text without what looks like a secret. */
export function redact(text: string): string {
  const redacted = SECRETS.reduce((current, pattern) => current.replaceAll(pattern, '[redacted]'), text);
  return redacted.replaceAll(ASSIGNED, '$1[redacted]');
}
