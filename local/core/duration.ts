import { invalid } from '../http/api-error.ts';

const DURATION = /^(-?\d+(?:\.\d{1,9})?)s$/;

/** Milliseconds of a duration in JSON, such as `600s` or `0.5s`. `field` names it in the refusal. */
export function durationMs(text: string, field: string): number {
  const seconds = DURATION.exec(text)?.[1];
  if (seconds === undefined)
    throw invalid(`${field} is ${JSON.stringify(text)}; a duration is written like "600s".`);
  return Number(seconds) * 1000;
}
