import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { isFinished } from '../../shared/model/status.ts';
import { stageLine } from '../../shared/presentation/stage.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe, seconds } from './command.ts';

export function cancelCommand(call: Call): Command {
  return describe<{ waitSeconds: number }>(
    {
      usage: 'cancel <RUN_ID>',
      summary: 'cancel a queued or running run',
      details: 'Cancelling a running run stops its VM. Files uploaded so far are kept.',
      examples: [['vicinity cancel 20261124-030643-1a2b', 'stop its VM; the next run in the queue starts']],
    },
    call,
    cancelRun,
  ).option('--wait-seconds <n>', 'how long to wait for the cancellation to be recorded', seconds, 120);
}

async function cancelRun(
  context: Context,
  { waitSeconds }: { waitSeconds: number },
  runId: string | undefined,
): Promise<ExitCode> {
  const { findRun } = await import('../runs/records.ts');
  const { awaitCancellation, publishRequest } = await import('../runs/request.ts');
  const { host, terminal, json } = context;
  const before = await findRun(await context.objects(), runId);
  if (isFinished(before.status)) terminal.note(`Run ${runId} has already finished.`);
  else {
    const published = await publishRequest(context, {
      action: 'cancel',
      runId: before.status.runId,
      requestId: randomUUID(),
      requestedBy: host.user,
    });
    terminal.live.draw('waiting for the run to end …');
    const isFinishedNow = await awaitCancellation(
      context,
      published,
      before.status.runId,
      waitSeconds * 1000,
    );
    if (!isFinishedNow)
      terminal.note(`The cancellation of run ${runId} is recorded; its VM is still stopping.`);
  }
  const { text, status } = await findRun(await context.objects(), runId);
  terminal.data(json ? text.trimEnd() : `${status.runId} ${stageLine(status)}`);
  return EXIT.ok;
}
