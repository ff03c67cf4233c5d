import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { buildLogName } from '../../shared/model/layout.ts';
import { isFinished } from '../../shared/model/status.ts';
import { runSentence } from '../../shared/presentation/stage.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe, MAX_WATCH_SECONDS, seconds } from './command.ts';

interface RunOptions {
  target?: string;
  param?: Record<string, string>;
  source?: string;
  machineType?: string;
  maxDuration?: string;
  onBusy?: string;
  requestId?: string;
  tune?: boolean;
  watch?: boolean;
  waitSeconds: number;
}

export function runCommand(call: Call): Command {
  return describe<RunOptions>(
    {
      usage: 'run',
      summary: 'ask for a run, and print its run id',
      details:
        'The request goes to the topic vicinity-run; nothing stays attached. Where the VM is busy, the run waits ' +
        'in the queue. The source is the newest package that vicinity push made.',
      examples: [
        ['vicinity run', 'the default target'],
        ['vicinity run --target all --param WORKERS=48', 'another target, with a make variable'],
        ['vicinity run --machine-type c4d-highcpu-96 --watch', 'on a larger machine, followed to its end'],
        ['vicinity run --tune', 'with the WORKERS and the machine type that vicinity tune tells'],
        ['vicinity run --request-id weekly-47', 'repeat it at will: the same id is the same run'],
      ],
    },
    call,
    requestRun,
  )
    .option('--target <target>', 'make target (default: defaultTarget of the configuration)')
    .addOption(new Option('--param <NAME=VALUE>', 'make variable; may be repeated').argParser(addParam))
    .option('--source <sha256|latest>', 'source package (default: latest)')
    .option('--machine-type <type>', 'machine type of the VM for this run')
    .option('--max-duration <duration>', 'stop the run after this long, such as 20h')
    .addOption(new Option('--on-busy <what>', 'where another run is active').choices(['queue', 'skip']))
    .option('--request-id <id>', 'your own key: the same one again is the same run')
    .option('--tune', 'with the WORKERS and machine type that earlier runs suggest')
    .option('--watch', 'follow the run to its end')
    .option('--wait-seconds <n>', 'how long to wait for the run id', seconds, 120);
}

async function requestRun(context: Context, options: RunOptions): Promise<ExitCode> {
  const { awaitRecord, awaitRunId, publishRequest } = await import('../runs/request.ts');
  const { json, terminal } = context;
  const deadlineMs = options.waitSeconds * 1000;
  const tuned = options.tune ? await tunedOptions(context, options) : options;
  const published = await publishRequest(context, requestOf(tuned, context.host.user));
  terminal.live.draw('waiting for start-run …');
  const runId = await awaitRunId(context, published, deadlineMs);
  if (!json) terminal.data(runId);
  const { text, status } = await awaitRecord(context, runId, deadlineMs);
  if (options.watch) return follow(context, runId);
  if (json) terminal.data(text.trimEnd());
  else terminal.note(runSentence(status));
  if (!json && !isFinished(status)) terminal.note(`Follow it with: vicinity watch ${runId}`);
  return EXIT.ok;
}

/** What earlier runs suggest, where the call says nothing else. Throws NotFoundError where no earlier run can tell. */
async function tunedOptions(context: Context, options: RunOptions): Promise<RunOptions> {
  const { findTuning } = await import('../runs/tuning.ts');
  const target = options.target ?? context.config.defaultTarget;
  const { runId, next, because } = await findTuning(context, { target });
  const param = { WORKERS: String(next.workers), ...options.param };
  const machineType = options.machineType ?? next.machineType;
  context.terminal.note(
    `By run ${runId}: WORKERS=${param.WORKERS} on ${machineType}, since ${because.join('; ')}.`,
  );
  return { ...options, param, machineType };
}

async function follow(context: Context, runId: string): Promise<ExitCode> {
  const { watchRun } = await import('../runs/watch.ts');
  return watchRun(context, { runId, log: buildLogName(runId), deadlineMs: MAX_WATCH_SECONDS * 1000 });
}

/** `STATES=maine` as one more entry of the earlier ones. */
function addParam(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is written NAME=VALUE, such as STATES=maine.');
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}

function requestOf(options: RunOptions, user: string) {
  const { target, param: params, source, machineType, maxDuration, onBusy, requestId } = options;
  const given = { target, params, source, machineType, maxDuration, onBusy };
  const request = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...request, requestId: requestId ?? randomUUID(), requestedBy: user };
}
