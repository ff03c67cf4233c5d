import { describeSeconds } from '../../config/duration.ts';
import { count } from '../../model/count.ts';
import { describeDollars } from '../../pricing/costs.ts';
import type { Option } from '../../tuning/tune.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';

/** The suggested change with its reasons, and the expected time and cost of each allowed machine. */
export function adviceSection({ status, tuning }: ReportData): Html | undefined {
  if (!tuning) return undefined;
  const { now, next, because, options } = tuning;
  const isSame = next.machineType === now.machineType && next.workers === now.workers;
  const advice = isSame
    ? html`Nothing: <b>${words(now)}</b> fits this job.`
    : html`<b>${words(next)}</b> instead of ${words(now)}: about ${describeSeconds(next.seconds)} and
      ${describeDollars(next.dollars)}, compared with ${describeSeconds(now.seconds)} and ${describeDollars(now.dollars)}.`;
  return html`<section aria-labelledby="advice" class="advice">
  <h2 id="advice">What to change next</h2>
  <p>${advice}</p>
  <ul>${because.map((reason) => html`<li>${capitalized(reason)}.</li>`)}</ul>
  ${!isSame && html`<p><code>vicinity run --target ${status.target} --tune</code></p>`}
  <details><summary>All allowed machines</summary>
    <div class="scroll"><table>
      <thead><tr><th scope="col">Machine</th><th scope="col" class="number">Workers</th><th scope="col" class="number">Time</th>
        <th scope="col" class="number">Cost</th><th scope="col">Based on</th></tr></thead>
      <tbody>${options.map(row)}</tbody>
    </table></div>
  </details>
</section>`;
}

function row(option: Option): Html {
  const { machineType, workers, seconds, dollars, measured } = option;
  const source = measured > 0 ? count(measured, 'run') : 'estimate';
  return html`<tr><th scope="row">${machineType}</th><td class="number">${workers}</td>
    <td class="number">${describeSeconds(seconds)}</td><td class="number">${describeDollars(dollars)}</td><td>${source}</td></tr>`;
}

function words({ machineType, workers }: Option): string {
  return `WORKERS=${workers} on ${machineType}`;
}

function capitalized(text: string): string {
  return /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
