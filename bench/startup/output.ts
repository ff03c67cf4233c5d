import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PYTHON, TOOLS } from '../../test/startup-script/fixture/tool.ts';
import { compared, type Line, least, type Taken, timed } from './timed.ts';

const BYTES = 200_000_000;
const LINES_PER_BLOCK = 10_000;
/** How long an output line takes to the console. */
const LIVE_LINES = 30;
const LIVE_EVERY_MS = 100;

export interface OutputReport {
  /** Until the job's 200 MB are in its log. */
  log: Line[];
  /** All of it to the console, folded, with a copy. */
  console: Line[];
  /** Longest delay of a line on the console, in milliseconds. */
  liveMs: number;
}

/** 200 MB of short lines: what it costs to keep them, and to show them. `ts` is the path of moreutils' program, or undefined. */
export async function benchOutput(
  folder: string,
  rounds: number,
  ts: string | undefined,
): Promise<OutputReport> {
  const [big, log, copy, shown] = ['big', 'log', 'copy', 'shown'].map((name) => join(folder, name));
  await writeLines(big ?? '');
  const run = `'${PYTHON}' -BS '${TOOLS}run.py' 600`;
  const toLog: Record<string, string> = {
    'cat | cat >log': `cat '${big}' | cat >'${log}'`,
    'the startup script (a pipe)': `rm -f '${log}'; ${run} '${log}' cat '${big}'`,
    ...(ts && { 'cat | ts >log (moreutils)': `cat '${big}' | '${ts}' >'${log}'` }),
  };
  const toConsole: Record<string, string> = {
    'tee copy >console': `tee '${copy}' <'${big}' >'${shown}'`,
    'the startup script (folded)': `rm -f '${copy}'; '${PYTHON}' -BS -c '${FOLD}' '${big}' '${copy}' >'${shown}'`,
    ...(ts && { 'ts | tee copy >console': `'${ts}' <'${big}' | tee '${copy}' >'${shown}'` }),
  };
  return {
    log: compared(await inTurn(toLog, rounds)),
    console: compared(await inTurn(toConsole, rounds)),
    liveMs: await longestDelay(folder),
  };
}

/** The console's own loop, without the skipping that it does when a serial port cannot keep up. */
const FOLD = `
import sys
sys.path.insert(0, "${TOOLS}")
import console
console.MAX_BEHIND_BYTES = console.DRAIN_SECONDS = 1 << 62
console.ended = True
with open(sys.argv[1], "rb", buffering=0) as log, open(sys.argv[2], "ab", buffering=0) as copy:
    console.follow(log, console.Console(copy))
`;

/** Round after round, so that what else the machine does befalls all alike. */
async function inTurn(commands: Record<string, string>, rounds: number): Promise<Record<string, Taken>> {
  const measured = Object.entries(commands).map(([what, line]) => ({ what, line, taken: [] as Taken[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { line, taken } of measured) taken.push(await timed(line));
  }
  return Object.fromEntries(measured.map(({ what, taken }) => [what, least(taken)]));
}

async function writeLines(file: string): Promise<void> {
  const stream = createWriteStream(file);
  const line = (number: number) =>
    `${String(number).padStart(10, '0')} a line of output as a job writes it, of eighty bytes in all, with an end.\n`;
  for (let number = 0, bytes = 0; bytes < BYTES; ) {
    const block = Array.from({ length: LINES_PER_BLOCK }, () => line(number++)).join('');
    bytes += block.length;
    if (!stream.write(block)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}

async function longestDelay(folder: string): Promise<number> {
  const [log, copy] = [join(folder, 'live.log'), join(folder, 'live.copy')];
  writeFileSync(log, '');
  const child = spawn(PYTHON, ['-BS', `${TOOLS}console.py`, log, copy], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen = new Map<string, number>();
  child.stdout.on('data', (data: Buffer) => {
    for (const line of data.toString().trim().split('\n')) seen.set(line, performance.now());
  });
  await sleep(1000);
  const written = new Map<string, number>();
  for (let number = 0; number < LIVE_LINES; number += 1) {
    written.set(`line ${number}`, performance.now());
    appendFileSync(log, `line ${number}\n`);
    await sleep(LIVE_EVERY_MS);
  }
  await sleep(1000);
  child.kill();
  if (readFileSync(copy, 'utf8').trim().split('\n').length !== LIVE_LINES)
    throw new Error('Lines are missing.');
  return Math.max(...[...written].map(([line, at]) => (seen.get(line) ?? Number.POSITIVE_INFINITY) - at));
}
