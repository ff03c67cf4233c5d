import { readFile } from 'node:fs/promises';
import { isBotToken } from './secret.ts';

/**
 * The webhook's URL, or the bot's token, in a mounted secret; undefined where no file is named, or it holds no URL, as before the first
 * `vicinity deploy secret`. Throws Node's error where the file cannot be read.
 */
export async function webhookUrl(file: string | undefined): Promise<string | undefined> {
  if (!file) return undefined;
  const text = (await readFile(file, 'utf8')).trim();
  return URL.canParse(text) || isBotToken(text) ? text : undefined;
}
