import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SecretVolume } from './resource.ts';

/** The bytes of a secret's version; undefined where it cannot be had. */
export type ReadSecret = (secret: string, version: string) => Buffer | undefined;

/**
 * The secret volumes of a function, as folders of its own. There is no root to mount them in: environment values that point into
 * a mount are made to point to its folder.
 */
export class Mounts {
  readonly #volumes: { volume: SecretVolume; folder: string }[];
  readonly #read: ReadSecret;

  constructor(volumes: SecretVolume[], folder: string, read: ReadSecret) {
    this.#volumes = volumes.map((volume, index) => ({ volume, folder: join(folder, String(index)) }));
    this.#read = read;
  }

  /** Writes the secrets as they are now; a secret that cannot be read gets no file. */
  refresh(): void {
    for (const { volume, folder } of this.#volumes)
      for (const { path, version } of volume.versions) {
        const file = join(folder, path);
        const bytes = this.#read(volume.secret, version);
        rmSync(file, { force: true });
        if (!bytes) continue;
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(file, bytes, { mode: 0o400 });
      }
  }

  /** The environment with the folders in place of the mount paths. */
  translate(environment: Record<string, string>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, this.#translated(value)]),
    );
  }

  #translated(value: string): string {
    for (const { volume, folder } of this.#volumes) {
      if (value === volume.mountPath) return folder;
      if (value.startsWith(`${volume.mountPath}/`)) return folder + value.slice(volume.mountPath.length);
    }
    return value;
  }
}
