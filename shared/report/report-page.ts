import { describeTime } from '../model/moment.ts';
import { labelOf } from '../presentation/result.ts';
import { html, raw } from './html.ts';
import type { ReportData } from './report-data.ts';
import { adviceSection } from './sections/advice.ts';
import { baselineSection } from './sections/baseline.ts';
import { detailsSection } from './sections/details.ts';
import { findingsSection } from './sections/findings.ts';
import { headSection } from './sections/head.ts';
import { loadSection } from './sections/load.ts';
import { outputsSection } from './sections/outputs.ts';
import { phasesSection } from './sections/phases.ts';
import { STYLE } from './style.ts';

/** The report as one HTML file. It runs no scripts and loads nothing. */
export function reportPage(data: ReportData, now: Date): string {
  const { status } = data;
  const title = `${status.target} ${labelOf(status)} · ${status.runId}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body><main>
${headSection(data)}
${adviceSection(data)}
${loadSection(data)}
${phasesSection(data)}
${outputsSection(data)}
${findingsSection(data)}
${baselineSection(data)}
${detailsSection(data)}
<footer>Created by vicinity on ${describeTime(now.toISOString())}. The figures are in summary.json and telemetry.csv beside this report.</footer>
</main></body>
</html>
`;
  return page.text;
}
