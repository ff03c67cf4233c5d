import { type DeployCall, type DeployExit, EXIT_DIFFERS } from '../../shared/ports/deploy-program.ts';
import type { Screen } from '../../shared/ports/screen.ts';

/** What a check found: something that is fine, or a problem with the command that mends it or tells more. */
export type Finding =
  | { subject: string; fine: string; value?: Record<string, number> }
  | { subject: string; problem: string; remedy: string };

export function isProblem(finding: Finding): finding is Extract<Finding, { problem: string }> {
  return 'problem' in finding;
}

/** Shows what was found; the exit code says whether there is a problem among it. */
export function tell({ screen, json }: DeployCall, findings: Finding[]): DeployExit {
  screen.live.clear();
  const ok = !findings.some(isProblem);
  if (json) screen.json({ ok, findings });
  else screen.data(findingsView(findings, screen.paint));
  return ok ? 0 : EXIT_DIFFERS;
}

/** Findings as a person reads them, a remedy below each problem. */
export function findingsView(findings: Finding[], paint: Screen['paint']): string {
  const width = Math.max(0, ...findings.map(({ subject }) => subject.length));
  const indent = ' '.repeat(width + 4);
  return findings
    .map((finding) => {
      const subject = finding.subject.padEnd(width);
      if (!isProblem(finding)) return `${paint('green', '✓')} ${subject}  ${finding.fine}`;
      return `${paint('red', '✗')} ${subject}  ${finding.problem}\n${indent}${paint('cyan', finding.remedy)}`;
    })
    .join('\n');
}
