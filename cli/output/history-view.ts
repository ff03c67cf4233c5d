import { describeSeconds } from '../../shared/config/duration.ts';
import { figuresOf, type RunFigures } from '../../shared/history/facts.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import type { Status } from '../../shared/model/status.ts';
import { labelOf } from '../../shared/presentation/result.ts';
import { describeDollars } from '../../shared/pricing/costs.ts';
import type { Paint } from './colour.ts';
import { type Column, columnTable } from './columns.ts';
import { colourOf } from './status-view.ts';

interface Row {
  status: Status;
  figures: RunFigures;
}

/** A table with one run per line. */
export function historyView(runs: Status[], width: number, paint: Paint): string {
  const rows = runs.map((status) => ({ status, figures: figuresOf(status) }));
  return columnTable(columnsWith(paint), rows, width, paint);
}

function columnsWith(paint: Paint): Column<Row>[] {
  return [
    { title: 'RUN', cell: ({ status }) => status.runId },
    { title: 'TARGET', cell: ({ status }) => status.target, canShrink: true },
    { title: 'STATUS', cell: ({ status }) => paint(colourOf(status), labelOf(status)) },
    {
      title: 'TIME',
      cell: ({ figures }) => optional(figures.seconds, describeSeconds),
      isNumber: true,
      expendable: 1,
    },
    {
      title: 'COST',
      cell: ({ figures }) => optional(figures.dollars, describeDollars),
      isNumber: true,
      expendable: 2,
    },
    { title: 'MACHINE', cell: ({ figures }) => figures.machineType ?? '', expendable: 3 },
    {
      title: 'WORKERS',
      cell: ({ figures }) => optional(figures.workers, String),
      isNumber: true,
      expendable: 4,
    },
    {
      title: 'OUTPUTS',
      cell: ({ figures }) => optional(figures.outputBytes, describeBytes),
      isNumber: true,
      expendable: 5,
    },
    { title: 'BY', cell: ({ status }) => status.requestedBy ?? '', expendable: 6 },
  ];
}

function optional<T>(value: T | undefined, describe: (value: T) => string): string {
  return value === undefined ? '' : describe(value);
}
