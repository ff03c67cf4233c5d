import path from 'node:path';
import type { Command } from 'commander';
import type { Output } from '../../shared/json-schemas/documents.ts';
import { suspicionOf } from '../../shared/presentation/stage.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

interface PullFlags {
  fanOut?: boolean;
  force?: boolean;
  output?: string;
}

export function pullCommand(call: Call): Command {
  return describe<PullFlags>(
    {
      usage: 'pull [RUN_ID]',
      summary: 'download the results of a run',
      details:
        'Without RUN_ID, the results of the newest finished run. They go to data/categories_results/<RUN_ID>/, with a link named latest ' +
        'beside it, and the console to logs/remote_runs/. Every file is verified; what is already there, in whole or in part, is not ' +
        'downloaded again. --fan-out copies the outputs that vicinity.yaml declares for the target.',
      examples: [
        ['vicinity pull', 'the newest finished run, failed ones too'],
        ['vicinity pull --fan-out', 'and copy its outputs to where a local make would put them'],
        ['vicinity pull 20261124-030643-1a2b --output ../maine', 'to another place'],
      ],
    },
    call,
    pull,
  )
    .option('--fan-out', 'copy the outputs into their own directories as well')
    .option('--force', 'with --fan-out: also over tracked and locally changed files')
    .option('--output <dir>', 'folder for the results themselves, without the link');
}

async function pull(context: Context, flags: PullFlags, runId: string | undefined): Promise<ExitCode> {
  const { findRun, newestFinishedRun } = await import('../runs/records.ts');
  const { isForceable } = await import('../results/fan-out.ts');
  const { pullResults } = await import('../results/pull.ts');
  const { pullView } = await import('../output/pull-view.ts');
  const { host, terminal } = context;
  const objects = await context.objects();
  const { status } = runId === undefined ? await newestFinishedRun(objects) : await findRun(objects, runId);
  const suspicion = suspicionOf(status);
  if (suspicion) terminal.warn(suspicion);
  const pulled = await pullResults(context, status, {
    fanOut: flags.fanOut ?? false,
    force: flags.force ?? false,
    output: flags.output === undefined ? undefined : path.resolve(host.cwd, flags.output),
  });
  for (const skipped of pulled.skipped) {
    terminal.warn(`${skipped.path} ${skipped.reason}: not pulled. It stays in ${status.resultsPrefix}/.`);
  }
  for (const skipped of pulled.fanOut?.skipped ?? []) {
    const hint = isForceable(skipped) ? ' --force replaces it.' : '';
    terminal.warn(`${skipped.path} ${skipped.reason}, and is left as it is.${hint}`);
  }
  if (context.json) terminal.json(pulled satisfies Output<'pull'>);
  else terminal.data(pullView(pulled, host.cwd, terminal.columns, terminal.paint));
  return EXIT.ok;
}
