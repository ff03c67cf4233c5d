import { createHash } from 'node:crypto';
import { ApiError, conditionNotMet, invalid } from '../http/api-error.ts';
import type { MetadataItem } from './instance.ts';

/** https://cloud.google.com/compute/docs/metadata/setting-custom-metadata#limitations */
const MAX_VALUE_BYTES = 256 * 1024;
const MAX_TOTAL_BYTES = 512 * 1024;
const KEY = /^[a-zA-Z0-9_-]{1,128}$/;

/** A hash of the content, as Compute Engine's fingerprints are. */
export function fingerprint(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest().subarray(0, 8).toString('base64');
}

/** Refuses a write whose fingerprint is not that of the `current` content; an absent one is refused as well. */
export function checkMetadataFingerprint(supplied: string | undefined, current: MetadataItem[]): void {
  if (isSame(supplied, fingerprint(current))) return;
  throw conditionNotMet('Supplied fingerprint does not match current metadata fingerprint.');
}

export function checkLabelFingerprint(supplied: string | undefined, current: Record<string, string>): void {
  if (isSame(supplied, fingerprint(current))) return;
  throw conditionNotMet('Labels fingerprint either invalid or resource labels have changed');
}

/** The items of a metadata body, checked. An item without a value counts as empty. */
export function checkedMetadata(items: { key?: string; value?: string }[] = []): MetadataItem[] {
  const checked = items.map(checkedItem);
  const keys = new Set<string>();
  for (const { key } of checked) {
    if (keys.has(key)) throw invalid(`Metadata has duplicate key: ${key}`);
    keys.add(key);
  }
  const total = checked.reduce((sum, { key, value }) => sum + bytes(key) + bytes(value), 0);
  if (total > MAX_TOTAL_BYTES) throw tooLarge('metadata', MAX_TOTAL_BYTES, total);
  return checked;
}

function checkedItem(
  { key = '', value = '' }: { key?: string; value?: string },
  index: number,
): MetadataItem {
  const field = `metadata.items[${index}]`;
  if (!KEY.test(key))
    throw invalid(
      `Invalid value for field '${field}.key': '${key}'. Must be a match of regex '${KEY.source}'`,
    );
  if (bytes(value) > MAX_VALUE_BYTES) throw tooLarge(`${field}.value`, MAX_VALUE_BYTES, bytes(value));
  return { key, value: String(value) };
}

function tooLarge(field: string, maximum: number, actual: number): ApiError {
  return new ApiError(
    400,
    'invalid',
    `Value for field '${field}' is too large: maximum size ${maximum} character(s); actual size ${actual}.`,
  );
}

/** Base64 comes in two alphabets; the Node client and gcloud turn bytes into the one they like. */
function isSame(supplied: string | undefined, current: string): boolean {
  return supplied !== undefined && Buffer.from(supplied, 'base64').equals(Buffer.from(current, 'base64'));
}

const bytes = (text: string) => Buffer.byteLength(text);
