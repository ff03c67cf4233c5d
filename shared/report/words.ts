import { describeSeconds } from '../config/duration.ts';

/** `+12 %`, `−3 %`, `unchanged`. */
export function describeChange(now: number, before: number): string {
  if (before === 0) return now === 0 ? 'unchanged' : 'new';
  const percent = Math.round((now / before - 1) * 100);
  if (percent === 0) return now === before ? 'unchanged' : 'about the same';
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
