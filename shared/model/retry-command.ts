import { shellWord } from '../shell-word.ts';
import type { Status } from './status.ts';

/** The command that asks for the same run once more. Target and parameters are plain words by their own checks. */
export function retryCommand({
  target,
  params,
  source,
}: Pick<Status, 'target' | 'params' | 'source'>): string {
  const given = Object.entries(params).map(([name, value]) => ` --param ${name}=${shellWord(value)}`);
  return `vicinity run --target ${target} --source ${source.sha256}${given.join('')}`;
}
