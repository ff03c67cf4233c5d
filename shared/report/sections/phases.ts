import { describeSeconds } from '../../config/duration.ts';
import { describeTime } from '../../model/moment.ts';
import { describeDollars, describeHourly } from '../../pricing/costs.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { describeGib } from '../words.ts';

/** The phases in order: a timeline, and a table with time, cost and load of each. */
export function phasesSection({ status, loads }: ReportData): Html | undefined {
  const { phases = [], cost } = status;
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  if (total === 0) return undefined;
  const rows = phases.map(({ name, seconds }) => {
    const load = loads.find((each) => each.name === name);
    const dollars = cost?.phases.find((each) => each.name === name)?.dollars;
    return html`<tr>
      <th scope="row"><i class="key ${kindOf(name)}"></i>${name}</th>
      <td class="number">${describeSeconds(seconds)}</td>
      <td class="bar"><i class="${kindOf(name)}" style="width:${percent(seconds, total)}%"></i></td>
      <td class="number">${dollars === undefined ? '' : describeDollars(dollars)}</td>
      <td class="number">${load ? `${Math.round(load.busy)} %` : ''}</td>
      <td class="number">${load ? `${Math.round(load.iowait)} %` : ''}</td>
      <td class="number">${load ? describeGib(load.peakBytes) : ''}</td>
    </tr>`;
  });
  return html`<section aria-labelledby="phases">
  <h2 id="phases">Phases and cost</h2>
  <div class="timeline" aria-hidden="true">${phases.map(
    ({ name, seconds }) => html`<i class="${kindOf(name)}" style="flex-grow:${percent(seconds, total)}"></i>`,
  )}</div>
  <p class="ends quiet" aria-hidden="true"><span>${clockOf(status.startedAt)}</span><span>${clockOf(status.finishedAt)}</span></p>
  <div class="scroll"><table>
    <thead><tr><th scope="col">Phase</th><th scope="col" class="number">Time</th><td class="bar"></td>
      <th scope="col" class="number">Cost</th><th scope="col" class="number">Busy</th>
      <th scope="col" class="number">Disk wait</th><th scope="col" class="number">Memory peak</th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>
  ${costNote(cost)}
</section>`;
}

function costNote(cost: ReportData['status']['cost']): Html | undefined {
  if (!cost) return undefined;
  const other = cost.other > 0 ? `, of which ${describeDollars(cost.other)} outside the phases` : '';
  const idle =
    cost.idlePerMonth === undefined
      ? ''
      : ` While the VM is off, its disk and address cost ${describeDollars(cost.idlePerMonth)} a month.`;
  const spot = cost.provisioning === 'spot' ? ', as a Spot VM' : '';
  return html`<p class="quiet">About ${describeDollars(cost.total)} in total${other}: ${describeHourly(cost.perHour)}${spot},
    at list prices of ${cost.pricesAsOf}.${idle}</p>`;
}

/** Colour class: make and upload are distinguished from set-up. */
function kindOf(phase: string): string {
  return phase === 'make' || phase === 'upload' ? phase : 'setup';
}

function percent(seconds: number, total: number): string {
  return Math.max(0.3, (seconds / total) * 100).toFixed(1);
}

function clockOf(time: string | undefined): string {
  return time ? describeTime(time) : '';
}
