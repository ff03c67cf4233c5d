import type { ObjectInfo, ObjectStore } from './objects.ts';

/** Told of every part of a transfer, in bytes. */
export type OnBytes = (bytes: number) => void;

/**
 * The bucket as a person's machine uses it: files of any size, streamed and verified by their CRC-32C.
 * Every method throws TransientError where a later try may succeed and PermissionError where the account may not.
 */
export interface FileStore extends ObjectStore {
  /** The object's bytes from `offset` on, at most so many; none where it ends there; undefined where there is no object. */
  readFrom(name: string, offset: number, most?: number): Promise<Buffer | undefined>;
  /**
   * Creates the object from a file unless it exists. Throws InvalidError, and creates nothing, where the file's bytes do not have the
   * SHA-256 that is given: it has changed since it was looked at.
   */
  upload(name: string, file: string, onBytes?: OnBytes, sha256?: string): Promise<'created' | 'exists'>;
  /**
   * Completes a file to the object's bytes: what it has already is taken for their beginning. Where the connection breaks, it keeps
   * what came; where the whole does not have the object's checksum, it is empty afterwards. Calls `onBytes` for every part.
   */
  download(object: ObjectInfo, file: string, onBytes?: OnBytes): Promise<void>;
  /** CRC-32C of a local file, in the notation of ObjectInfo. */
  checksum(file: string): Promise<string>;
}
