import { createHash } from 'node:crypto';
import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CRC32C } from '@google-cloud/storage';
import { InvalidError, TransientError } from '../../../shared/errors.ts';
import type { FileStore, OnBytes } from '../../../shared/ports/files.ts';
import type { ObjectInfo } from '../../../shared/ports/objects.ts';
import { MemoryObjects } from '../../fakes/memory-objects.ts';

/** The file store in memory. */
export class MemoryFiles extends MemoryObjects implements FileStore {
  async readFrom(name: string, offset: number, most = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    if (!(await this.stat(name))) return undefined;
    return (await buffer(await this.open(name))).subarray(offset, offset + most);
  }

  async upload(
    name: string,
    file: string,
    onBytes: OnBytes = () => {},
    wanted?: string,
  ): Promise<'created' | 'exists'> {
    if (await this.stat(name)) return 'exists';
    const bytes = await readFile(file);
    if (wanted !== undefined && createHash('sha256').update(bytes).digest('hex') !== wanted)
      throw new InvalidError([
        { field: file, problem: 'changed while it was pushed', remedy: 'Push again.' },
      ]);
    this.write(name, bytes);
    onBytes(bytes.length);
    return 'created';
  }

  async download({ name, crc32c }: ObjectInfo, file: string, onBytes: OnBytes = () => {}): Promise<void> {
    const bytes = await buffer(await this.open(name));
    await writeFile(file, '', { flag: 'a' });
    const rest = bytes.subarray((await stat(file)).size);
    await appendFile(file, rest);
    onBytes(rest.length);
    if ((await this.checksum(file)) === crc32c) return;
    await truncate(file);
    throw new TransientError(`memory: the bytes of ${name} do not have its checksum ${crc32c}.`);
  }

  async checksum(file: string): Promise<string> {
    return (await CRC32C.fromFile(file)).toString();
  }
}
