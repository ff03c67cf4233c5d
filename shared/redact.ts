import { assignedSpans } from './redaction/assignments.ts';
import { privateKeySpans } from './redaction/private-keys.ts';
import { replaceSpans } from './redaction/scan.ts';
import { tokenSpans } from './redaction/tokens.ts';

const REDACTED = '[redacted]';

/**
 * The text without anything that looks like a secret: known tokens, private keys, and values assigned to names such as `password`.
 * Takes linear time on any text. startup-script/tools/redact.py does the same on the VM; a test compares them.
 */
export function redact(text: string): string {
  const finders = [tokenSpans, privateKeySpans, assignedSpans];
  return finders.reduce((kept, find) => replaceSpans(kept, find(kept), REDACTED), text);
}

/** Whether the text contains a token or a private key. Names such as `token=` alone do not count. */
export function looksSecret(text: string): boolean {
  return tokenSpans(text).length > 0 || privateKeySpans(text).length > 0;
}
