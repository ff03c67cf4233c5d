import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One JSON document on disk, replaced atomically at every save, so that a kill at any moment loses nothing saved. */
export class StateFile<T> {
  readonly #path: string;
  value: T;

  constructor(path: string, initial: T) {
    this.#path = path;
    this.value = readJson<T>(path) ?? initial;
  }

  save(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(this.value));
    renameSync(temporary, this.#path);
  }
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(
      `The local cloud's state file ${path} cannot be read. Remove its folder to start afresh.`,
      {
        cause: error,
      },
    );
  }
}
