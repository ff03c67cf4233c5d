/** Colours and other renditions (SGR) may stay; they hold no text and move nothing. */
const RENDITION = String.raw`\u001b\[[\d;:]*m`;
/** Control characters except tab, line feed and carriage return; C1 controls; and characters that change the direction of text. */
const CONTROL = String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]`;
const PATTERN = new RegExp(`${RENDITION}|${CONTROL}`, 'g');
/** Unicode's pictures of the C0 controls begin here. */
const PICTURES = 0x2400;
const DELETE_PICTURE = '\u2421';

/**
 * The text as it may go to a terminal, whoever wrote it: a job, or someone who can write to the bucket. A control character becomes a
 * visible one, so that no text can move the cursor, set the title, answer for the user or hide what was printed before.
 */
export function neutralize(text: string): string {
  return text.replaceAll(PATTERN, (found) => (found.length > 1 ? found : visible(found.charCodeAt(0))));
}

function visible(code: number): string {
  if (code < 0x20) return String.fromCharCode(PICTURES + code);
  return code === 0x7f ? DELETE_PICTURE : `\\u${code.toString(16).padStart(4, '0')}`;
}
