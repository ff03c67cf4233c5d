import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { InvalidError, NotFoundError, type ValidationIssue } from '../../shared/errors.ts';
import { explainingLog } from '../../shared/model/explaining-log.ts';
import { resultsPrefix } from '../../shared/model/layout.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import type { FileStore } from '../../shared/ports/files.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit/codes.ts';
import { type Call, describe, MAX_WATCH_SECONDS } from './command.ts';

interface LogsOptions {
  follow?: boolean;
  serial?: boolean;
  detail?: boolean;
  failed?: boolean;
}

export function logsCommand(call: Call): Command {
  return describe<LogsOptions>(
    {
      usage: 'logs [RUN_ID]',
      summary: "print a run's log",
      details:
        'Prints the output of the job (build.log), unless an option selects another log. Without RUN_ID, uses the newest run.',
      examples: [
        ['vicinity logs | grep "\\[error\\]"', 'the errors of the newest run'],
        ['vicinity logs --failed | tail', 'why the newest failed run failed'],
        ['vicinity logs --follow', 'until the run ends'],
        ['vicinity logs --detail 20261124-030643-1a2b', 'the output of apt, pip and cargo'],
      ],
    },
    call,
    printLog,
  )
    .option('-f, --follow', 'continue until the run ends, as watch does')
    .addOption(new Option('--serial', "the VM's serial console (serial.log)").conflicts('detail'))
    .option('--detail', 'the preparation of the VM (startup_detail.log)')
    .option('--failed', 'the newest failed run, and the log of the phase in which it failed');
}

async function printLog(
  context: Context,
  options: LogsOptions,
  runId: string | undefined,
): Promise<ExitCode> {
  const { findRun, newestFailedRun } = await import('../runs/records.ts');
  if (options.failed && runId) throw new InvalidError([failedWithId(runId)]);
  const objects = await context.objects();
  const { status, text } = await (options.failed ? newestFailedRun(objects) : findRun(objects, runId));
  const name = `${resultsPrefix(status.runId)}/${fileOf(options, status)}`;
  if (options.follow && !isFinished(status)) {
    const { watchRun } = await import('../runs/watch.ts');
    return watchRun(context, { runId: status.runId, log: name, deadlineMs: MAX_WATCH_SECONDS * 1000 });
  }
  if (context.json && options.follow) context.terminal.data(text.trimEnd());
  else await printObject(context, objects, name, status);
  return options.follow ? exitCodeOf(status) : EXIT.ok;
}

function fileOf({ serial, detail, failed }: LogsOptions, status: Status): string {
  if (serial) return 'serial.log';
  if (detail) return 'startup_detail.log';
  return failed ? explainingLog(status) : 'build.log';
}

function failedWithId(runId: string): ValidationIssue {
  return {
    field: `--failed ${runId}`,
    problem: 'selects a run in two ways',
    remedy: 'Pass either --failed or a run id.',
  };
}

async function printObject(
  context: Context,
  objects: FileStore,
  name: string,
  status: Status,
): Promise<void> {
  if (!(await objects.stat(name))) throw new NotFoundError(absent(objects.bucket, name, status));
  const content = await objects.open(name);
  if (context.json) return printLines(context, status.runId, name, content);
  for await (const chunk of content) context.terminal.data(chunk as Buffer);
}

/** `{"runId", "log", "lines"}`, a line at a time: a log may be larger than the memory. */
async function printLines(
  { terminal }: Context,
  runId: string,
  name: string,
  content: Readable,
): Promise<void> {
  const log = path.posix.basename(name);
  terminal.data(`{\n  "runId": ${JSON.stringify(runId)},\n  "log": ${JSON.stringify(log)},\n  "lines": [`);
  let before: string | undefined;
  for await (const line of createInterface({ input: content, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (before !== undefined) terminal.data(`    ${JSON.stringify(before)},`);
    before = line;
  }
  if (before !== undefined) terminal.data(`    ${JSON.stringify(before)}`);
  terminal.data('  ]\n}');
}

function absent(bucket: string, name: string, status: Status): string {
  const { runId } = status;
  const why = isFinished(status)
    ? `Run ${runId} ended as ${status.status}, and left no such log.`
    : `Run ${runId} is ${status.status}: build.log appears once the job writes something, the other logs within a minute of the ` +
      "VM's start.";
  return `gs://${bucket}/${name} does not exist. ${why}`;
}
