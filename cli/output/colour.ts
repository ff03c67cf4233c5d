import { styleText } from 'node:util';
import type { Sink } from '../context/host.ts';

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

/** Follows https://no-color.org and https://force-color.org: NO_COLOR wins; otherwise only a terminal gets colours. */
export function isColoured(env: Record<string, string | undefined>, sink: Sink): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return sink.isTTY === true && env.TERM !== 'dumb';
}

export function painter(isColoured: boolean): Paint {
  return (colour, text) => (isColoured ? styleText(colour, text, { validateStream: false }) : text);
}
