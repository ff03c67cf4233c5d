import type { Output } from '../../shared/json-schemas/documents.ts';
import { type DeployCall, type DeployExit, EXIT_DIFFERS } from '../../shared/ports/deploy-program.ts';
import type { Screen } from '../../shared/ports/screen.ts';
import { type Row, table } from '../../shared/text/table.ts';

/** The result of a check: success, or a problem with the command that fixes or explains it. */
export type Finding =
  | { subject: string; fine: string; value?: Record<string, number> }
  | { subject: string; problem: string; remedy: string };

function isProblem(finding: Finding): finding is Extract<Finding, { problem: string }> {
  return 'problem' in finding;
}

/** Shows what was found; the exit code says whether there is a problem among it. */
export function reportFindings({ screen, json }: DeployCall, findings: Finding[]): DeployExit {
  screen.live.clear();
  const ok = !findings.some(isProblem);
  if (json) screen.json({ ok, findings } satisfies Output<'findings'>);
  else screen.data(findingsView(findings, screen.columns, screen.paint));
  return ok ? 0 : EXIT_DIFFERS;
}

/** Formats findings for a terminal, with the remedy below each problem; consecutive problems share one. */
function findingsView(findings: Finding[], width: number, paint: Screen['paint']): string {
  const rows = findings.flatMap((finding, index): Row[] => {
    if (!isProblem(finding)) return [[`${paint('green', '✓')} ${finding.subject}`, finding.fine]];
    const problem: Row = [`${paint('red', '✗')} ${finding.subject}`, finding.problem];
    return remedyOf(findings[index + 1]) === finding.remedy
      ? [problem]
      : [problem, remedyRow(finding, paint)];
  });
  return table(rows, width);
}

function remedyOf(finding: Finding | undefined): string | undefined {
  return finding && isProblem(finding) ? finding.remedy : undefined;
}

function remedyRow({ remedy }: { remedy: string }, paint: Screen['paint']): Row {
  return ['', paint('cyan', remedy), /^(vicinity|gcloud) /.test(remedy)];
}
