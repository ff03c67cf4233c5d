import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CRC32C } from '@google-cloud/storage';
import type { FileStore, OnBytes } from '../../../shared/ports/files.ts';
import type { ObjectInfo } from '../../../shared/ports/objects.ts';
import { MemoryObjects } from '../../fakes/memory-objects.ts';

/** The file store in memory. */
export class MemoryFiles extends MemoryObjects implements FileStore {
  async readFrom(name: string, offset: number): Promise<Buffer | undefined> {
    if (!(await this.stat(name))) return undefined;
    return (await buffer(await this.open(name))).subarray(offset);
  }

  async upload(name: string, file: string, onBytes: OnBytes = () => {}): Promise<'created' | 'exists'> {
    if (await this.stat(name)) return 'exists';
    const bytes = await readFile(file);
    this.write(name, bytes);
    onBytes(bytes.length);
    return 'created';
  }

  async download({ name }: ObjectInfo, file: string, onBytes: OnBytes = () => {}): Promise<void> {
    const bytes = await buffer(await this.open(name));
    await writeFile(file, bytes);
    onBytes(bytes.length);
  }

  async checksum(file: string): Promise<string> {
    return (await CRC32C.fromFile(file)).toString();
  }
}
