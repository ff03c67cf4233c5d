import type { Command } from 'commander';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

export function compareCommand(call: Call): Command {
  return describe(
    {
      usage: 'compare <A> <B>',
      summary: 'show how two runs differ',
      details: 'Compares parameters, time and cost by phase, and the outputs file by file.',
      examples: [
        ['vicinity compare 20261117-030012-77c0 20261124-030643-1a2b', 'compare this week with last week'],
      ],
    },
    call,
    compareRuns,
  );
}

async function compareRuns(context: Context, _options: object, a: string, b: string): Promise<ExitCode> {
  const { findRun, readOutcome } = await import('../runs/records.ts');
  const { comparisonOf, compareView } = await import('../output/compare-view.ts');
  const { terminal } = context;
  const objects = await context.objects();
  const [before, after] = await Promise.all([findRun(objects, a), findRun(objects, b)]);
  const [manifestBefore, manifestAfter] = await Promise.all([
    readOutcome(objects, before.status),
    readOutcome(objects, after.status),
  ]);
  const comparison = comparisonOf(
    { status: before.status, manifest: manifestBefore?.manifest },
    { status: after.status, manifest: manifestAfter?.manifest },
  );
  if (context.json) terminal.json(comparison satisfies Output<'compare'>);
  else terminal.data(compareView(comparison, terminal.columns, terminal.paint));
  return EXIT.ok;
}
