import { type Command, InvalidArgumentError } from 'commander';
import type { Page } from '../../shared/history/runs.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Status } from '../../shared/model/status.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

interface HistoryOptions {
  limit: number;
  before?: string;
  target?: string;
}

/** Pages that are looked through for the runs of one target. */
const MAX_PAGES = 20;

export function historyCommand(call: Call): Command {
  return describe<HistoryOptions>(
    {
      usage: 'history',
      summary: 'list the runs, newest first',
      details: 'With their ends, durations, costs, machines and outputs.',
      examples: [
        ['vicinity history', 'the newest twenty'],
        ['vicinity history --target all --limit 5', 'of one target'],
        ['vicinity history --before 20261124-030643-1a2b', 'older ones'],
        ['vicinity history --json | jq -r ".runs[].cost.total"', 'for a script: each run as its status.json'],
      ],
    },
    call,
    showHistory,
  )
    .option('-n, --limit <n>', 'how many', count, 20)
    .option('--before <RUN_ID>', 'only runs older than this one')
    .option('--target <target>', 'only runs of this target');
}

async function showHistory(context: Context, options: HistoryOptions): Promise<ExitCode> {
  const { checkedRunId } = await import('../runs/records.ts');
  const { historyView } = await import('../output/history-view.ts');
  const { terminal } = context;
  if (options.before !== undefined) checkedRunId(options.before);
  const { runs, next } = await findPage(context, options);
  if (context.json) terminal.json({ runs, ...(next && { next }) } satisfies Output<'history'>);
  else if (runs.length === 0) terminal.note('There is no such run. vicinity run starts one.');
  else terminal.data(historyView(runs, terminal.columns, terminal.paint));
  if (next && !context.json) terminal.note(`Older ones: vicinity history --before ${next}`);
  return EXIT.ok;
}

async function findPage(context: Context, { limit, before, target }: HistoryOptions): Promise<Page> {
  const { pageOfRuns } = await import('../../shared/history/runs.ts');
  const objects = await context.objects();
  const now = context.host.clock.now();
  const runs: Status[] = [];
  let next = before;
  for (let pages = 0; pages < (target === undefined ? 1 : MAX_PAGES); pages += 1) {
    const page = await pageOfRuns(objects, { limit, before: next, now });
    runs.push(...page.runs.filter((run) => target === undefined || run.target === target));
    next = page.next;
    if (!next || runs.length >= limit) break;
  }
  const shown = runs.slice(0, limit);
  const older = runs.length > limit ? shown.at(-1)?.runId : next;
  return { runs: shown, ...(older && { next: older }) };
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
}
