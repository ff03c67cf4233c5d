import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How many of the last lines are kept for the message of a failed start. */
const TAIL_LINES = 5;

/** `logs/<function>.log`: each line of a function's output with its time and the process it came from. */
export class FunctionLog {
  readonly path: string;
  readonly #file;
  #tail: string[] = [];

  constructor(directory: string, name: string) {
    mkdirSync(directory, { recursive: true });
    this.path = join(directory, `${name}.log`);
    this.#file = createWriteStream(this.path, { flags: 'a' });
  }

  /** The process's last lines. */
  get tail(): string {
    return this.#tail.join('\n');
  }

  /** Begins a new process's output. */
  follow(pid: number, outputs: Readable[]): void {
    this.#tail = [];
    for (const output of outputs) createInterface(output).on('line', (line) => this.#write(pid, line));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(resolve));
  }

  #write(pid: number, line: string): void {
    this.#tail = [...this.#tail, line].slice(-TAIL_LINES);
    if (this.#file.writable) this.#file.write(`${new Date().toISOString()} [${pid}] ${line}\n`);
  }
}
