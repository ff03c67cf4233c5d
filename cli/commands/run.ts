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
      summary: 'start a run, and print its run id',
      details:
        'Publishes a request to the topic vicinity-run. The run does not depend on this computer. If the VM is busy, it waits in ' +
        'the queue. The source is the newest package of vicinity push.',
      examples: [
        ['vicinity run', 'run the default target'],
        ['vicinity run --target all --param WORKERS=48', 'run another target with a make variable'],
        ['vicinity run --machine-type c4d-highcpu-96 --watch', 'use a larger machine, and follow the run'],
        ['vicinity run --tune', 'use WORKERS and machine type as suggested by vicinity tune'],
        ['vicinity run --request-id weekly-47', 'safe to repeat: the same id is the same run'],
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
    .addOption(
      new Option('--on-busy <what>', 'what to do if another run is active').choices(['queue', 'skip']),
    )
    .option('--request-id <id>', 'your own key; the same key is the same run')
    .option('--tune', 'use WORKERS and machine type suggested by earlier runs')
    .option('--watch', 'follow the run to its end')
    .option('--wait-seconds <n>', 'how long to wait for the run id', seconds, 120);
}

async function requestRun(context: Context, options: RunOptions): Promise<ExitCode> {
  const { awaitRecord, awaitRunId, publishRequest } = await import('../runs/request.ts');
  const { warnOfStaleConfig } = await import('../context/stale-config.ts');
  const { json, terminal } = context;
  const deadlineMs = options.waitSeconds * 1000;
  const tuned = options.tune ? await tunedOptions(context, options) : options;
  await warnOfStaleConfig(context);
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

/** The options, with suggestions of earlier runs for those not given. Throws NotFoundError where there is no run to learn from. */
async function tunedOptions(context: Context, options: RunOptions): Promise<RunOptions> {
  const { findTuning } = await import('../runs/tuning.ts');
  const target = options.target ?? context.config.defaultTarget;
  const { runId, next, because } = await findTuning(context, { target });
  const param = { WORKERS: String(next.workers), ...options.param };
  const machineType = options.machineType ?? next.machineType;
  context.terminal.note(
    `Based on run ${runId}: WORKERS=${param.WORKERS} on ${machineType}, because ${because.join('; ')}.`,
  );
  return { ...options, param, machineType };
}

async function follow(context: Context, runId: string): Promise<ExitCode> {
  const { watchRun } = await import('../runs/watch.ts');
  return watchRun(context, { runId, log: buildLogName(runId), deadlineMs: MAX_WATCH_SECONDS * 1000 });
}

/** Adds `STATES=maine` to the entries so far. */
function addParam(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Use NAME=VALUE, such as STATES=maine.');
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}

function requestOf(options: RunOptions, user: string) {
  const { target, param: params, source, machineType, maxDuration, onBusy, requestId } = options;
  const given = { target, params, source, machineType, maxDuration, onBusy };
  const request = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...request, requestId: requestId ?? randomUUID(), requestedBy: user };
}
