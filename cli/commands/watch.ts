import type { Command } from 'commander';
import { buildLogName } from '../../shared/model/layout.ts';
import { type Call, describe, MAX_WATCH_SECONDS, seconds } from './command.ts';

export function watchCommand(call: Call): Command {
  return describe<{ waitSeconds: number }>(
    {
      usage: 'watch [RUN_ID]',
      summary: 'follow a run: its phases and its output',
      details:
        'Without RUN_ID, the newest run. Ctrl-C detaches; the run continues. Exits with 0 if the run succeeded, otherwise with 1.',
      examples: [
        ['vicinity watch', 'follow the newest run'],
        ['vicinity watch 20261124-030643-1a2b > build.log', 'output to a file, phases to the terminal'],
      ],
    },
    call,
    async (context, { waitSeconds }, runId) => {
      const { findRun } = await import('../runs/records.ts');
      const { watchRun } = await import('../runs/watch.ts');
      const { status } = await findRun(await context.objects(), runId);
      return watchRun(context, {
        runId: status.runId,
        log: buildLogName(status.runId),
        deadlineMs: waitSeconds * 1000,
      });
    },
  ).option('--wait-seconds <n>', 'stop watching after this long', seconds, MAX_WATCH_SECONDS);
}
