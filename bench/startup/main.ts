import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { circumstances } from '../support/machine.ts';
import { benchBoot } from './boot.ts';
import { benchHelpers } from './helpers.ts';
import { benchOutput } from './output.ts';
import { textOf } from './timed.ts';
import { benchTransfer } from './transfer.ts';

/**
 * `node bench/startup/main.ts [boot] [output] [helpers] [transfer] [--json FILE]`: what the startup script costs, against its
 * peers in the same run. Linux only. `--ts` is the path of moreutils' program, `--files` and `--bytes` the size of the transfer.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    ts: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '60' },
    files: { type: 'string', default: '2000' },
    bytes: { type: 'string', default: '1000000' },
  },
});
const { rounds, seconds, files, bytes } = values;
const wanted = (name: string) => positionals.length === 0 || positionals.includes(name);
const folder = mkdtempSync(join(tmpdir(), 'bench-startup-'));
const report: Record<string, unknown> = { ...circumstances() };

try {
  if (wanted('boot')) {
    const boot = await benchBoot();
    report.boot = boot;
    const ratio = (part: number) => `×${(part / boot.old).toFixed(2)}`;
    print('A boot beyond make, in seconds', [
      `the old script's steps  ${boot.old.toFixed(1)}`,
      `on a new disk           ${boot.cold.toFixed(1)}  ${ratio(boot.cold)}`,
      `on a used disk          ${boot.warm.toFixed(1)}  ${ratio(boot.warm)}`,
      `with nothing to install ${boot.bare.toFixed(1)}`,
    ]);
  }
  if (wanted('output')) {
    const output = await benchOutput(folder, Number(rounds), values.ts);
    report.output = output;
    console.log(textOf('200 MB of output, kept in a log', output.log));
    console.log(textOf('200 MB of output, shown on the console with a copy', output.console));
    console.log(`  a line is shown after at most ${output.liveMs.toFixed(0)} ms`);
  }
  if (wanted('helpers')) {
    const used = await benchHelpers(folder, Number(seconds));
    report.helpers = used;
    print(
      'CPU beside a job, in percent of one core',
      used.map(({ what, percent }) => `${what.padEnd(24)} ${percent.toFixed(2)}`),
    );
  }
  if (wanted('transfer')) {
    const transfer = await benchTransfer(folder, Number(files), Number(bytes));
    report.transfer = transfer;
    console.log(textOf(`${files} files of ${bytes} bytes, up`, transfer.up));
    console.log(textOf(`${files} files of ${bytes} bytes, down`, transfer.down));
    console.log(textOf(`${files} files of ${bytes} bytes, pushed as inputs`, transfer.push));
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(title: string, lines: string[]): void {
  console.log([title, ...lines.map((line) => `  ${line}`)].join('\n'));
}
