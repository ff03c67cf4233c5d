import type { Command } from 'commander';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

export function tuneCommand(call: Call): Command {
  return describe<{ target?: string }>(
    {
      usage: 'tune [RUN_ID]',
      summary: 'suggest WORKERS and a machine type',
      details:
        'Uses the telemetry of a run and of earlier runs. Shows expected time and cost. Without RUN_ID, uses the newest good run.',
      examples: [
        ['vicinity tune', 'based on the newest good run of the default target'],
        ['vicinity run --tune', 'start a run with the suggestion'],
      ],
    },
    call,
    tuneRun,
  ).option(
    '--target <target>',
    'target whose newest good run to use (default: defaultTarget of the configuration)',
  );
}

async function tuneRun(
  context: Context,
  options: { target?: string },
  runId: string | undefined,
): Promise<ExitCode> {
  const { findTuning } = await import('../runs/tuning.ts');
  const { tuningView } = await import('../output/tuning-view.ts');
  const { terminal, config } = context;
  const tuning = await findTuning(context, { runId, target: options.target ?? config.defaultTarget });
  if (context.json) terminal.json(tuning satisfies Output<'tune'>);
  else {
    terminal.data(tuningView(tuning, terminal.columns, terminal.paint));
    terminal.note(`Use it with: vicinity run --target ${tuning.target} --tune`);
  }
  return EXIT.ok;
}
