import { figuresOf, type RunFigures } from '../../history/facts.ts';
import { describeBytes } from '../../model/bytes.ts';
import { labelOf, toneOf } from '../../presentation/result.ts';
import { describeDollars } from '../../pricing/costs.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { describeOptionalSeconds } from '../words.ts';

/** This run beside earlier runs of its target. */
export function baselineSection({ status, baseline }: ReportData): Html | undefined {
  if (baseline.length === 0) return undefined;
  const runs = [figuresOf(status), ...baseline];
  const longest = Math.max(...runs.map(({ seconds = 0 }) => seconds), 1);
  return html`<section aria-labelledby="baseline">
  <h2 id="baseline">Earlier runs of ${status.target}</h2>
  <div class="scroll"><table>
    <thead><tr><th scope="col">Run</th><th scope="col">Result</th><th scope="col">Machine</th><th scope="col" class="number">Workers</th>
      <th scope="col" class="number">Time</th><td class="bar"></td><th scope="col" class="number">Cost</th>
      <th scope="col" class="number">Outputs</th></tr></thead>
    <tbody>${runs.map((run, index) => row(run, index === 0, longest))}</tbody>
  </table></div>
</section>`;
}

function row(run: RunFigures, isThis: boolean, longest: number): Html {
  const width = (((run.seconds ?? 0) / longest) * 100).toFixed(1);
  return html`<tr class="${isThis && 'this'}"><th scope="row">${run.runId}${isThis && ' (this run)'}</th>
    <td><span class="pill small ${toneOf(run)}">${labelOf(run)}</span></td><td>${run.machineType ?? '–'}</td>
    <td class="number">${run.workers ?? '–'}</td><td class="number">${describeOptionalSeconds(run.seconds)}</td>
    <td class="bar"><i class="${isThis ? 'make' : 'setup'}" style="width:${width}%"></i></td>
    <td class="number">${run.dollars === undefined ? '–' : describeDollars(run.dollars)}</td>
    <td class="number">${run.outputBytes ? describeBytes(run.outputBytes) : '–'}</td></tr>`;
}
