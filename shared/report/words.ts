import { describeSeconds } from '../config/duration.ts';
import type { Status } from '../model/status.ts';

/** How a run ended, as a word and the tone in which it is shown. */
export function ending({ status, verdict }: Pick<Status, 'status' | 'verdict'>): {
  word: string;
  tone: 'good' | 'doubt' | 'bad' | 'live';
} {
  if (status === 'succeeded' && verdict === 'suspect') return { word: 'suspect', tone: 'doubt' };
  if (status === 'succeeded') return { word: 'succeeded', tone: 'good' };
  if (status === 'queued' || status === 'starting' || status === 'running')
    return { word: status, tone: 'live' };
  return { word: status, tone: 'bad' };
}

/** `+12 %`, `−3 %`, `as before`. */
export function describeChange(now: number, before: number): string {
  if (before === 0) return now === 0 ? 'as before' : 'new';
  const percent = Math.round((now / before - 1) * 100);
  if (percent === 0) return now === before ? 'as before' : 'about the same';
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}

export function describeShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function describeGib(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return `${gib >= 10 ? Math.round(gib) : gib.toFixed(1)} GiB`;
}

export function describeOptionalSeconds(seconds: number | undefined): string {
  return seconds === undefined ? '–' : describeSeconds(seconds);
}
