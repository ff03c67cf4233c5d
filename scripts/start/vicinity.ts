import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { fileURLToPath } from 'node:url';

const command = join(dirname(fileURLToPath(import.meta.url)), '../../cli/bin/vicinity.cjs');

export interface ClientOptions {
  /** The pipeline's folder. */
  cwd: string;
  /** Variables that point it to the local cloud. */
  env: Record<string, string>;
  signal: AbortSignal;
  /** Where its output goes. */
  output: WriteStream;
}

/** The real `vicinity` command, as a person would run it. */
export function vicinity({ cwd, env, signal, output }: ClientOptions) {
  const options = { cwd, env: { ...process.env, ...env }, signal, killSignal: 'SIGTERM' as const };

  /** Runs a command to its end; resolves with its exit code. */
  async function run(...args: string[]): Promise<number> {
    const child = spawn(process.execPath, [command, ...args], {
      ...options,
      stdio: ['ignore', output, output],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  }

  async function must(...args: string[]): Promise<void> {
    const code = await run(...args);
    if (code !== 0) throw new Error(`vicinity ${args.join(' ')} ended with exit code ${code}; see above.`);
  }

  /** What a command prints on stdout, or undefined where it fails: then what it says is shown. */
  async function capture(...args: string[]): Promise<string | undefined> {
    const child = spawn(process.execPath, [command, ...args], {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [printed, said, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    if (code === 0) return printed;
    output.write(said);
    return undefined;
  }

  return { run, must, capture };
}
