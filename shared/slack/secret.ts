import { readFile } from 'node:fs/promises';
import { triedAgainLater } from '../errors.ts';

/** The Slack secret: the URL of an incoming webhook, or a bot token. Read on demand; it appears in no error. */
export async function readSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    // A secret that is not mounted yet may be there later.
    throw triedAgainLater(
      `The Slack secret ${file} cannot be read (${reason}). Mount it as a volume of the function.`,
    );
  }
}

export function isBotToken(secret: string): boolean {
  return secret.startsWith('xoxb-');
}

/** Whether the secret can deliver a message. The placeholder that deploy creates before the first `vicinity deploy secret` cannot. */
export function isSlackSecret(secret: string): boolean {
  return isBotToken(secret) || URL.canParse(secret);
}
