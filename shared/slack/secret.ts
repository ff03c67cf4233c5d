import { readFile } from 'node:fs/promises';
import { triedAgainLater } from '../errors.ts';

/** The Slack secret: the URL of an incoming webhook, or a bot's token. It is read when it is needed, and appears in no error. */
export async function readSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    // A secret that is not mounted yet may be there later.
    throw triedAgainLater(`The Slack webhook's secret ${file} cannot be read (${reason}). Mount it.`);
  }
}

export function isBotToken(secret: string): boolean {
  return secret.startsWith('xoxb-');
}

/** Whether anybody can be told by it: the placeholder that stands there before the first `vicinity deploy secret` is neither. */
export function isSlackSecret(secret: string): boolean {
  return isBotToken(secret) || URL.canParse(secret);
}
