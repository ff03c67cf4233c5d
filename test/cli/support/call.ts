import { PassThrough, Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Host, Sink } from '../../../cli/context/host.ts';
import { runCommandLine } from '../../../cli/program.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { systemClock } from '../../../shared/ports/clock.ts';
import { assertDocumented } from './documented.ts';

export interface CallOptions {
  cwd?: string;
  env?: Record<string, string>;
  clock?: Clock;
  /** What is passed to the standard input; no terminal. */
  stdin?: string;
  /** The standard input is a terminal, where these lines are typed, each at the next question. */
  typed?: string[];
  /** Both streams are terminals. */
  isTerminal?: boolean;
  /** Their width; 100. */
  columns?: number;
  /** Receives the listener that a Ctrl-C would call. */
  onInterruptible?: (interrupt: () => void) => void;
}

export interface Called {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line in this process. What it prints as JSON must be as its published schema says. */
export async function vicinity(args: string[], options: CallOptions = {}): Promise<Called> {
  const { host, stdout, stderr } = recordedHost(options);
  const code = await runCommandLine(args, host);
  if (args.includes('--json')) assertDocumented(args, stdout.text);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

export interface RecordedHost {
  host: Host;
  stdout: Recorder;
  stderr: Recorder;
  /** Both, in the order in which a terminal gets them. */
  screen: Recorder;
}

/** A process for the command, and what is written to its streams. */
export function recordedHost(options: CallOptions = {}): RecordedHost {
  const screen = new Recorder();
  const stdout = new Recorder(options, screen);
  const stderr = new Recorder(options, screen);
  const host: Host = {
    cwd: options.cwd ?? '/',
    env: options.env ?? {},
    stdin: options.typed
      ? typist(options.typed, stderr)
      : Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout,
    stderr,
    clock: options.clock ?? systemClock,
    user: 'ada',
    onInterrupt(listener) {
      options.onInterruptible?.(listener);
      return () => {};
    },
  };
  return { host, stdout, stderr, screen };
}

export class Recorder implements Sink {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly #copy: Sink | undefined;
  readonly #chunks: Buffer[] = [];
  onWrite: (text: string) => void = () => {};

  constructor(
    { isTerminal = false, columns = 100 }: Pick<CallOptions, 'isTerminal' | 'columns'> = {},
    copy?: Sink,
  ) {
    this.isTTY = isTerminal;
    this.columns = columns;
    this.#copy = copy;
  }

  write(bytes: string | Uint8Array): void {
    this.#chunks.push(Buffer.from(bytes));
    this.#copy?.write(bytes);
    this.onWrite(Buffer.from(bytes).toString('utf8'));
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/** A terminal on which somebody types one of the lines at each question, and then goes away. */
function typist(lines: string[], screen: Recorder): Host['stdin'] {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keyboard });
  const rest = [...lines];
  screen.onWrite = (text) => {
    if (!/\](?:: | )$/.test(stripVTControlCharacters(text))) return;
    const line = rest.shift();
    setImmediate(() => (line === undefined ? keyboard.end() : keyboard.write(`${line}\r`)));
  };
  return keyboard;
}
