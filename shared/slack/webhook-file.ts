import { readFile } from 'node:fs/promises';

/**
 * The webhook's URL in a mounted secret; undefined where no file is named, or it holds no URL, as before the first
 * `vicinity deploy secret`. Throws Node's error where the file cannot be read.
 */
export async function webhookUrl(file: string | undefined): Promise<string | undefined> {
  if (!file) return undefined;
  const text = (await readFile(file, 'utf8')).trim();
  return URL.canParse(text) ? text : undefined;
}
