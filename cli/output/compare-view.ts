import { describeSeconds } from '../../shared/config/duration.ts';
import { figuresOf, type RunFigures } from '../../shared/history/facts.ts';
import type { Outcome } from '../../shared/model/attempt.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import { count } from '../../shared/model/count.ts';
import type { Status } from '../../shared/model/status.ts';
import { labelOf } from '../../shared/presentation/result.ts';
import { describeDollars } from '../../shared/pricing/costs.ts';
import { type OutputChange, outputChanges } from '../../shared/report/output-changes.ts';
import { describeChange } from '../../shared/report/words.ts';
import type { Paint } from './colour.ts';
import { columnTable } from './columns.ts';

interface Side {
  status: Status;
  manifest: Outcome['manifest'] | undefined;
}

/** The differences between two runs. */
export interface Comparison {
  before: RunFigures;
  after: RunFigures;
  /** Differing parameters and source. */
  asked: { name: string; before: string; after: string }[];
  /** Seconds of each phase that occurs in either run. */
  phases: { name: string; before?: number | undefined; after?: number | undefined }[];
  /** Absent where a run has no manifest. */
  outputs?: OutputChange[];
}

export function comparisonOf(before: Side, after: Side): Comparison {
  const phases = [before, after].flatMap(({ status }) => status.phases ?? []).map(({ name }) => name);
  const seconds = ({ status }: Side, name: string) =>
    status.phases?.find((phase) => phase.name === name)?.seconds;
  const paths = [before, after].flatMap(({ status }) => status.outputs ?? []).map(({ path }) => path);
  return {
    before: figuresOf(before.status),
    after: figuresOf(after.status),
    asked: askedOf(before.status, after.status),
    phases: [...new Set(phases)].map((name) => ({
      name,
      before: seconds(before, name),
      after: seconds(after, name),
    })),
    ...(before.manifest &&
      after.manifest && {
        outputs: outputChanges(
          [...new Set(paths)],
          { runId: after.status.runId, manifest: after.manifest },
          { runId: before.status.runId, manifest: before.manifest },
        ),
      }),
  };
}

/** Target, source and parameters, where they differ. */
function askedOf(before: Status, after: Status): Comparison['asked'] {
  const names = [...new Set([...Object.keys(before.params), ...Object.keys(after.params)])];
  const rows = [
    { name: 'target', before: before.target, after: after.target },
    { name: 'package', before: before.source.sha256.slice(0, 12), after: after.source.sha256.slice(0, 12) },
    { name: 'commit', before: commitOf(before), after: commitOf(after) },
    ...names.map((name) => ({ name, before: before.params[name] ?? '', after: after.params[name] ?? '' })),
  ];
  return rows.filter((row) => row.before !== row.after);
}

function commitOf({ source }: Status): string {
  return source.commit ? `${source.commit.slice(0, 12)}${source.dirty ? ' with changes' : ''}` : '';
}

interface Row {
  name: string;
  before: string;
  after: string;
  change: string;
}

/** The comparison as a table. */
export function compareView(comparison: Comparison, width: number, paint: Paint): string {
  const { before, after, asked, phases, outputs } = comparison;
  const rows: Row[] = [
    ...asked.filter(({ name }) => name !== 'WORKERS').map((row) => ({ ...row, change: '' })),
    { name: 'machine', before: before.machineType ?? '', after: after.machineType ?? '', change: '' },
    numbers('workers', before.workers, after.workers, String),
    numbers('time', before.seconds, after.seconds, describeSeconds),
    ...phases.map((phase) => numbers(`  ${phase.name}`, phase.before, phase.after, describeSeconds)),
    numbers('cost', before.dollars, after.dollars, describeDollars),
    numbers('outputs', before.outputBytes, after.outputBytes, describeBytes),
    ...(outputs ?? []).map(outputRow),
  ];
  const changes = columnTable(
    [
      { title: '', cell: ({ name }) => name, canShrink: true },
      { title: 'A', cell: (row) => row.before, expendable: 1 },
      { title: 'B', cell: (row) => row.after },
      { title: 'CHANGE', cell: ({ change }) => change },
    ],
    rows.filter((row) => row.before !== '' || row.after !== ''),
    width,
    paint,
  );
  return `${legend('A', before, paint)}\n${legend('B', after, paint)}\n\n${changes}`;
}

/** `A  20261117-030012-77c0  all  succeeded` */
function legend(side: string, run: RunFigures, paint: Paint): string {
  return `${paint('dim', side)}  ${paint('bold', run.runId)}  ${run.target}  ${labelOf(run)}`;
}

function numbers(
  name: string,
  before: number | undefined,
  after: number | undefined,
  describe: (value: number) => string,
): Row {
  const change = before === undefined || after === undefined ? '' : describeChange(after, before);
  const text = (value: number | undefined) => (value === undefined ? '' : describe(value));
  return { name, before: text(before), after: text(after), change };
}

function outputRow({ path, objects, bytes, against }: OutputChange): Row {
  const { added = [], removed = [], changed = [], bytesBefore = 0 } = against ?? {};
  const parts = [
    changed.length > 0 && `${changed.length} of ${count(objects, 'file')} changed`,
    added.length > 0 && `${added.length} new`,
    removed.length > 0 && `${removed.length} removed`,
  ].filter(Boolean);
  return {
    name: `  ${path}`,
    before: describeBytes(bytesBefore),
    after: describeBytes(bytes),
    change: parts.join(', ') || 'identical',
  };
}
