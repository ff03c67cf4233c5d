import { describeSeconds } from '../../shared/config/duration.ts';
import { describeDollars } from '../../shared/pricing/costs.ts';
import { wrap } from '../../shared/text/wrap.ts';
import type { Option, Tuning } from '../../shared/tuning/tune.ts';
import type { Paint } from './colour.ts';
import { columnTable } from './columns.ts';

/** The suggestion, its reasons, and the expected time and cost of every allowed machine. */
export function tuningView(
  { runId, target, now, next, because, options }: Tuning,
  width: number,
  paint: Paint,
): string {
  const marked = (option: Option) => (option === next ? paint('green', 'next') : '');
  const rows: Option[] = [now, ...options];
  const table = columnTable(
    [
      { title: '', cell: (row) => (row === now ? 'now' : marked(row)) },
      { title: 'MACHINE', cell: (row) => row.machineType },
      { title: 'WORKERS', cell: (row) => String(row.workers), isNumber: true },
      { title: 'TIME', cell: (row) => describeSeconds(row.seconds), isNumber: true },
      { title: 'COST', cell: (row) => describeDollars(row.dollars), isNumber: true },
      { title: 'BASED ON', cell: sourceOf, expendable: 1 },
    ],
    rows,
    width,
    paint,
  );
  const reasons = because.flatMap((reason) => bullet(reason, width)).join('\n');
  return `${paint('bold', `Based on run ${runId} of ${target}`)}\n${reasons}\n\n${table}`;
}

function bullet(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}

function sourceOf({ measured }: Option): string {
  if (measured === 0) return 'estimate';
  return measured === 1 ? '1 run' : `${measured} runs`;
}
