import { durationMs } from '../core/duration.ts';

/** The fields of pubsub.proto whose JSON form is not the form in which proto-loader has them. */
const DURATIONS = ['messageRetentionDuration', 'minimumBackoff', 'maximumBackoff', 'ttl'];
const TIMESTAMPS = ['publishTime'];
/** Maps of users' own keys, which may be named like a field. */
const MAPS = ['attributes', 'labels'];

interface Seconds {
  seconds?: number;
  nanos?: number;
}

/** A request as proto-loader decodes it, in its JSON form (https://protobuf.dev/programming-guides/json/). */
export function fromProto(message: object): object {
  return mapFields(message, (name, value) => {
    if (name === 'updateMask') return (value as { paths?: string[] }).paths ?? [];
    return DURATIONS.includes(name) ? `${toSeconds(value as Seconds)}s` : undefined;
  });
}

/** A response in its JSON form, as proto-loader encodes it. */
export function toProto(json: object): object {
  return mapFields(json, (name, value) => {
    if (DURATIONS.includes(name)) return toParts(durationMs(String(value), name));
    return TIMESTAMPS.includes(name) ? toParts(Date.parse(String(value))) : undefined;
  });
}

/** A copy in which `convert` has replaced fields, at any depth; it answers undefined for one that stays. */
function mapFields(message: object, convert: (name: string, value: unknown) => unknown): object {
  const entries = Object.entries(message).map(([name, value]): [string, unknown] => {
    if (MAPS.includes(name)) return [name, value];
    return [name, convert(name, value) ?? mapValue(value)];
  });
  return Object.fromEntries(entries);

  function mapValue(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(mapValue);
    return typeof value === 'object' && value !== null ? mapFields(value, convert) : value;
  }
}

function toSeconds({ seconds = 0, nanos = 0 }: Seconds): number {
  return seconds + nanos / 1e9;
}

function toParts(ms: number): Seconds {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
