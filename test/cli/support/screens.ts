import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runCommandLine } from '../../../cli/program.ts';
import { type CallOptions, recordedHost } from './call.ts';

const ERASE_LINE = '\r\u001b[2K';
/** Hashes depend on the clock of a commit and on the version of zlib. */
const SHA256 = /\b[0-9a-f]{64}\b/g;

export interface ScreenOptions extends CallOptions {
  /** Width of the terminal. */
  columns?: number;
  /** Takes out what is another at each time. */
  mask?: (text: string) => string;
}

/** A command as it is typed, and all that a person then sees on the terminal, without its colours. */
export async function screen(args: string[], options: ScreenOptions = {}): Promise<string> {
  const { columns = 80, mask = (text) => text } = options;
  const { host, screen } = recordedHost({ ...options, columns, isTerminal: true });
  const code = await runCommandLine(args, host);
  const text = asSeen(screen.text).replaceAll(SHA256, 'ab'.repeat(32));
  const size = columns === 80 ? '' : `   (${columns} columns)`;
  const whole = `$ vicinity ${args.map(quoted).join(' ')}${size}\n${text}${code === 0 ? '' : `[exit code ${code}]\n`}`;
  return mask(options.cwd ? whole.replaceAll(options.cwd, '/home/ada/pipeline') : whole);
}

/** For `t.assert.fileSnapshot(text, ...snapshot('history'))`: a text file as it is. */
export function snapshot(name: string) {
  const file = path.join(import.meta.dirname, '../screens', `${name}.txt`);
  return [file, { serializers: [String] }] as const;
}

/** Screens one below the other. */
export function album(screens: string[]): string {
  return screens.join('\n');
}

/** Lines of tables that are wider than the terminal, and could be broken. Messages and commands are left to the terminal. */
export function overlong(text: string, columns: number): string[] {
  return text.split('\n').filter((line) => {
    const isTable = !/^(\$|warning:|error:) |^(Next)? +vicinity /.test(line);
    return isTable && line.length > columns && line.replace(/^ *\S* +/, '').includes(' ');
  });
}

/** A line that was drawn over again is seen as it was last. */
function asSeen(text: string): string {
  const lines = stripVTControlCharactersKeepingErasures(text).split('\n');
  return lines.map((line) => line.split(ERASE_LINE).at(-1) ?? '').join('\n');
}

function stripVTControlCharactersKeepingErasures(text: string): string {
  return text.split(ERASE_LINE).map(stripVTControlCharacters).join(ERASE_LINE);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}
