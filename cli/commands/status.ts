import type { Command } from 'commander';
import { EXIT } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

export function statusCommand(call: Call): Command {
  return describe(
    {
      usage: 'status [RUN_ID]',
      summary: 'show where a run stands',
      examples: [
        ['vicinity status', 'the newest run'],
        ['vicinity status 20261124-030643-1a2b', 'a certain run'],
        ['vicinity status --json | jq -r .status', 'for a script: its status.json as it is'],
      ],
    },
    call,
    async (context, _options, runId) => {
      const { readHeartbeat } = await import('../../shared/history/heartbeat.ts');
      const { findRun, readBaseline, readTelemetry, withHeartbeat } = await import('../runs/records.ts');
      const { statusView } = await import('../output/status-view.ts');
      const { suspicionOf } = await import('../../shared/presentation/stage.ts');
      const { terminal, host } = context;
      const objects = await context.objects();
      const { text, status } = await findRun(objects, runId);
      if (context.json) {
        terminal.data(text.trimEnd());
        const suspicion = suspicionOf(status);
        if (suspicion) terminal.warn(suspicion);
      } else {
        const heartbeat = await readHeartbeat(objects, status);
        const fresh = withHeartbeat(status, heartbeat, await readBaseline(objects, status.runId));
        const telemetry = await readTelemetry(objects, status);
        const { columns: width, paint, isTerminal } = terminal;
        const now = host.clock.now();
        terminal.data(statusView({ status: fresh, heartbeat, telemetry, now, width, paint, isTerminal }));
      }
      return EXIT.ok;
    },
  );
}
