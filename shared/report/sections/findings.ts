import { count } from '../../model/count.ts';
import { redact } from '../../redact.ts';
import { type Html, html } from '../html.ts';
import type { Findings } from '../log-findings.ts';
import type { ReportData } from '../report-data.ts';

/** The `[error]` and `[warn]` lines of build.log, with line numbers. */
export function findingsSection({ findings }: ReportData): Html | undefined {
  if (!findings) return undefined;
  const { errors, warnings, lines, shown } = findings;
  const summary =
    errors + warnings === 0
      ? html`<p>None in ${lines} lines of build.log.</p>`
      : html`<p>${count(errors, 'error')} and ${count(warnings, 'warning')} in ${lines} lines of build.log.</p>`;
  return html`<section aria-labelledby="findings">
  <h2 id="findings">Warnings and errors</h2>
  ${summary}
  ${shown.length > 0 && html`<ol class="log">${shown.map(line)}</ol>`}
  ${hidden(findings)}
</section>`;
}

function line({ kind, line: number, text }: Findings['shown'][number]): Html {
  return html`<li class="${kind}"><span class="at">${number}</span> <span>${redact(text)}</span></li>`;
}

function hidden({ errors, warnings, shown }: Findings): Html | undefined {
  const more = errors + warnings - shown.length;
  return more > 0 ? html`<p class="quiet">And ${more} more: see build.log.</p>` : undefined;
}
