import { describeBytes } from '../../shared/model/bytes.ts';
import { count } from '../../shared/model/count.ts';
import { describeMoment } from '../../shared/presentation/time.ts';
import { type Row, table } from '../../shared/text/table.ts';
import type { CheckedRepository } from '../check/check.ts';
import type { Paint } from './colour.ts';

/** What was checked, as a person reads it; the findings are messages of their own. */
export function checkView(checked: CheckedRepository, width: number, paint: Paint): string {
  const { config, makefile, targets, contents, schedules, findings } = checked;
  const schedule = schedules.map(
    ({ name, cron, timeZone, next }) =>
      `${name}: ${cron} ${timeZone}, next ${describeMoment(next.toISOString())}`,
  );
  const rows: Row[] = [
    ...(config ? [[paint('dim', 'Configuration'), config] satisfies Row] : []),
    ...(makefile
      ? [
          [
            paint('dim', 'Makefile'),
            `${makefile}: ${targets.join(', ') || 'none of the targets'}`,
          ] satisfies Row,
        ]
      : []),
    ...(contents
      ? [
          [
            paint('dim', 'Package'),
            `${count(contents.files, 'file')}, ${count(contents.inputs, 'input')}, ${describeBytes(contents.bytes)}`,
          ] satisfies Row,
        ]
      : []),
    ...schedule.map((text, at): Row => [at === 0 ? paint('dim', 'Schedules') : '', text]),
    [paint('dim', 'Result'), resultOf(findings, paint)],
  ];
  return table(rows, width);
}

/** What was checked, as a program reads it. */
export function checkRecord({ config, makefile, targets, contents, schedules, findings }: CheckedRepository) {
  return {
    ok: !findings.some(({ level }) => level === 'error'),
    ...(config !== undefined && { config }),
    ...(makefile !== undefined && { makefile }),
    targets,
    ...(contents && { package: contents }),
    schedules: schedules.map((schedule) => ({ ...schedule, next: schedule.next.toISOString() })),
    findings,
  };
}

function resultOf(findings: CheckedRepository['findings'], paint: Paint): string {
  const errors = findings.filter(({ level }) => level === 'error').length;
  const warnings = findings.length - errors;
  const parts = [
    ...(errors > 0 ? [paint('red', count(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint('yellow', count(warnings, 'warning'))] : []),
  ];
  return parts.join(', ') || paint('green', 'fine');
}
