import { open } from 'node:fs/promises';

/** Compute Engine keeps the last megabyte of a port. */
const BUFFER_BYTES = 1024 * 1024;
const MAX_CHARACTER_BYTES = 4;

export interface SerialOutput {
  contents: string;
  /** Byte positions since the instance was made: of the first byte of `contents`, and of the one after its last. */
  start: number;
  next: number;
}

/**
 * Reads a serial log from byte `start`, or from the oldest byte still kept. A negative `start` counts from the end. A
 * character of which only the first bytes have been written is left for the next call.
 */
export async function readSerial(path: string, start = 0): Promise<SerialOutput> {
  const log = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!log) return { contents: '', start: 0, next: 0 };
  try {
    const { size } = await log.stat();
    const wanted = start < 0 ? size + start : start;
    const from = Math.min(Math.max(wanted, size - BUFFER_BYTES, 0), size);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(size - from), 0, size - from, from);
    const whole = withoutPartialCharacter(buffer.subarray(0, bytesRead));
    return { contents: whole.toString('utf8'), start: from, next: from + whole.length };
  } finally {
    await log.close();
  }
}

function withoutPartialCharacter(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length - partialLength(bytes));
}

/** How many bytes of an unfinished UTF-8 character are at the end. */
function partialLength(bytes: Buffer): number {
  for (let length = 1; length < MAX_CHARACTER_BYTES; length++) {
    const byte = bytes.at(-length) ?? 0;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (!isContinuation) return characterLength(byte) > length ? length : 0;
  }
  return 0;
}

function characterLength(firstByte: number): number {
  if (firstByte >= 0xf0) return 4;
  if (firstByte >= 0xe0) return 3;
  return firstByte >= 0xc0 ? 2 : 1;
}
