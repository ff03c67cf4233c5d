import { resultsPrefix } from '../../shared/model/layout.ts';
import type { FileStore } from '../../shared/ports/files.ts';

/** The logs of a run by the names that the page uses. */
const FILES: Record<string, string> = {
  build: 'build.log',
  detail: 'startup_detail.log',
  serial: 'serial.log',
};

/** More at once would make the page slow. Of a long log, the end matters first. */
const MAX_BYTES = 512 * 1024;

export interface LogPart {
  text: string;
  /** Where the next part begins. */
  offset: number;
  /** Bytes before this part that are not shown. */
  skipped: number;
  /** The log is another one than before: what was shown is to be replaced. */
  isNew: boolean;
}

/**
 * What a log has from `offset` on, in bytes; undefined where there is no such log. Of a long log, and where much has come since, it is
 * the end. A log that is shorter than the offset has been begun anew, by another attempt.
 */
export async function logPart(
  objects: FileStore,
  runId: string,
  log: string,
  offset: number,
): Promise<LogPart | undefined> {
  const file = FILES[log];
  const name = `${resultsPrefix(runId)}/${file}`;
  const info = file === undefined ? undefined : await objects.stat(name);
  if (!info) return undefined;
  const isNew = offset === 0 || info.bytes < offset || info.bytes - offset > MAX_BYTES;
  const from = isNew ? Math.max(0, info.bytes - MAX_BYTES) : offset;
  if (info.bytes <= from) return { text: '', offset: from, skipped: 0, isNew: false };
  const bytes = (await objects.readFrom(name, from)) ?? Buffer.alloc(0);
  const whole = wholeCharacters(bytes);
  return { text: whole.toString('utf8'), offset: from + whole.length, skipped: isNew ? from : 0, isNew };
}

/** Without a character that is cut off at the end: it comes with the next part. */
function wholeCharacters(bytes: Buffer): Buffer {
  let end = bytes.length;
  let back = 0;
  while (back < 4 && end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) {
    end -= 1;
    back += 1;
  }
  const lead = bytes[end - 1] ?? 0;
  const needed = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  return needed > back ? bytes.subarray(0, end - 1) : bytes;
}
