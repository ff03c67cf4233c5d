import type { Command } from 'commander';
import type { Status } from '../../shared/model/status.ts';
import type { Context } from '../context/context.ts';
import { EXIT } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

export function statusCommand(call: Call): Command {
  return describe(
    {
      usage: 'status [RUN_ID]',
      summary: 'show the VM, the queue and the newest run, or one run',
      details: 'With --json, prints status.json of the run, or of the newest run.',
      examples: [
        ['vicinity status', 'show VM, active run, queue and newest run'],
        ['vicinity status 20261124-030643-1a2b', 'show one run'],
        ['vicinity status --json | jq -r .status', 'for a script'],
      ],
    },
    call,
    async (context, _options, runId) => {
      const { findRun } = await import('../runs/records.ts');
      const { suspicionOf } = await import('../../shared/presentation/stage.ts');
      const { text, status } = await findRun(await context.objects(), runId);
      const suspicion = suspicionOf(status);
      if (context.json) {
        context.terminal.data(text.trimEnd());
        if (suspicion) context.terminal.warn(suspicion);
        return EXIT.ok;
      }
      if (runId === undefined) await showOverview(context);
      await showRun(context, status);
      return EXIT.ok;
    },
  );
}

async function showOverview(context: Context): Promise<void> {
  const { readOverview } = await import('../runs/overview.ts');
  const { overviewView } = await import('../output/overview-view.ts');
  const { terminal, host } = context;
  const { columns: width, paint, isTerminal } = terminal;
  const overview = await readOverview(context);
  terminal.data(`${overviewView({ ...overview, now: host.clock.now(), width, paint, isTerminal })}\n`);
}

async function showRun(context: Context, status: Status): Promise<void> {
  const { readHeartbeat } = await import('../../shared/history/heartbeat.ts');
  const { readBaseline, readTelemetry, withHeartbeat } = await import('../runs/records.ts');
  const { statusView } = await import('../output/status-view.ts');
  const { terminal, host } = context;
  const objects = await context.objects();
  const heartbeat = await readHeartbeat(objects, status);
  const fresh = withHeartbeat(status, heartbeat, await readBaseline(objects, status.runId));
  const telemetry = await readTelemetry(objects, status);
  const { columns: width, paint, isTerminal } = terminal;
  const now = host.clock.now();
  terminal.data(statusView({ status: fresh, heartbeat, telemetry, now, width, paint, isTerminal }));
}
