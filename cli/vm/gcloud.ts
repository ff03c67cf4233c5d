import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { InvalidError } from '../../shared/errors.ts';
import { shellWord } from '../../shared/shell-word.ts';

/** Runs gcloud on this terminal; its exit code. Throws InvalidError where it is not installed. */
export async function runGcloud(args: string[], env: Record<string, string | undefined>): Promise<number> {
  const child = spawn('gcloud', args, { stdio: 'inherit', env: { ...process.env, ...env } });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const remedy =
      'Install it (https://cloud.google.com/sdk/docs/install), or print the calls with --dry-run.';
    throw new InvalidError([{ field: 'gcloud', problem: 'is not installed', remedy }]);
  }
}

/** The words as a shell takes them. */
export function shellWords(words: string[]): string {
  return words.map(shellWord).join(' ');
}
