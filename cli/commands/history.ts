import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Page } from '../../shared/history/runs.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import { type Status, statusSchema } from '../../shared/model/status.ts';
import { labelOf } from '../../shared/presentation/result.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

interface HistoryOptions {
  limit: number;
  before?: string;
  target?: string;
  status?: string;
}

/** Pages that are searched for runs that match a filter. */
const MAX_PAGES = 20;

/** As the STATUS column shows them. */
const LABELS = [...statusSchema.shape.status.options, 'suspect'];

export function historyCommand(call: Call): Command {
  return describe<HistoryOptions>(
    {
      usage: 'history',
      summary: 'list the runs, newest first',
      details: 'Shows status, time, cost, machine and outputs of each run.',
      examples: [
        ['vicinity history', 'list the newest twenty'],
        ['vicinity history --target all --limit 5', 'list runs of one target'],
        ['vicinity history --status failed', 'list failed runs'],
        ['vicinity history --before 20261124-030643-1a2b', 'list older runs'],
        ['vicinity history --json | jq -r ".runs[].cost.total"', 'for a script: status.json of each run'],
      ],
    },
    call,
    showHistory,
  )
    .option('-n, --limit <n>', 'number of runs', count, 20)
    .option('--before <RUN_ID>', 'only runs older than this one')
    .option('--target <target>', 'only runs of this target')
    .addOption(new Option('--status <status>', 'only runs with this status').choices(LABELS));
}

async function showHistory(context: Context, options: HistoryOptions): Promise<ExitCode> {
  const { checkedRunId } = await import('../runs/records.ts');
  const { historyView } = await import('../output/history-view.ts');
  const { terminal } = context;
  if (options.before !== undefined) checkedRunId(options.before);
  const { runs, next } = await findPage(context, options);
  if (context.json) terminal.json({ runs, ...(next && { next }) } satisfies Output<'history'>);
  else if (runs.length === 0) terminal.note(emptyText(options));
  else terminal.data(historyView(runs, terminal.columns, terminal.paint));
  if (next && !context.json) terminal.note(`List older runs with: vicinity history --before ${next}`);
  return EXIT.ok;
}

function emptyText({ target, status, before }: HistoryOptions): string {
  if (target === undefined && status === undefined && before === undefined)
    return 'No runs yet. Start one with vicinity run.';
  return 'No matching runs. List all runs with vicinity history.';
}

async function findPage(context: Context, options: HistoryOptions): Promise<Page> {
  const { limit, before, target, status } = options;
  const isFiltered = target !== undefined || status !== undefined;
  const isWanted = (run: Status) =>
    (target === undefined || run.target === target) && (status === undefined || labelOf(run) === status);
  const { pageOfRuns } = await import('../../shared/history/runs.ts');
  const objects = await context.objects();
  const now = context.host.clock.now();
  const runs: Status[] = [];
  let next = before;
  for (let pages = 0; pages < (isFiltered ? MAX_PAGES : 1); pages += 1) {
    const page = await pageOfRuns(objects, { limit, before: next, now });
    runs.push(...page.runs.filter(isWanted));
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
  throw new InvalidArgumentError('Use a whole number from 1 to 1000.');
}
