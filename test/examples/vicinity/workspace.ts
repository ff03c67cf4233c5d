import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareInputs } from '../../../examples/vicinity/prepare-inputs.ts';
import { STAND_INS } from '../../../local/vm/process/machine-folder.ts';

const EXAMPLE = path.join(import.meta.dirname, '../../../examples/vicinity');
const PACKED = ['Makefile', 'pipeline', 'requirements.txt', 'tiles/web'];
const PARAMS = ['STATES', 'WORKERS', 'CATEGORY_SHARDS', 'CUTOFF', 'K_BEST', 'MAKEFLAGS', 'MAKELEVEL'];

export interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The example as a VM has it: its packed files and its input, in a directory of their own. */
export class Workspace {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'vicinity-example-'));

  constructor() {
    for (const name of PACKED) {
      cpSync(path.join(EXAMPLE, name), this.path(name), { recursive: true, filter: isSource });
    }
    prepareInputs(this.directory);
  }

  path(name: string): string {
    return path.join(this.directory, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** The cells of a CSV file without its heading; no file that the tests read has quoted cells. */
  rows(name: string): string[][] {
    const [, ...lines] = this.read(name).trimEnd().split('\n');
    return lines.map((line) => line.split(','));
  }

  /** The files below a directory by their relative paths, with their content. */
  files(name: string): Record<string, string> {
    const entries = readdirSync(this.path(name), { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    return Object.fromEntries(
      paths.sort().map((file) => [path.relative(this.directory, file), readFileSync(file, 'utf8')]),
    );
  }

  make(...arguments_: string[]): Promise<Ended> {
    return run('make', ['-C', this.directory, '--no-print-directory', ...arguments_], withoutParams());
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

export function run(command: string, arguments_: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(command, arguments_, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

function isSource(file: string): boolean {
  return path.basename(file) !== '__pycache__';
}

/** This process's environment without what would reach the pipeline by accident. */
export function withoutParams(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !PARAMS.includes(name));
  // Where there is no make, its stand-in.
  return { ...Object.fromEntries(others), PATH: [process.env.PATH, STAND_INS].join(path.delimiter) };
}
