import { count } from '../../model/count.ts';
import { retryCommand } from '../../model/retry-command.ts';
import { stopProof } from '../../slack/finished.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';

/** Where everything came from and went to. */
export function detailsSection({ status, outcome }: ReportData): Html {
  const { source, vm, params, attempt = 0, resultsPrefix, exitCode, phase, runId } = status;
  const commit =
    source.commit &&
    `commit ${source.commit.slice(0, 12)}${source.dirty ? ', with uncommitted changes' : ''}`;
  const failed = status.verdict === 'failed' && exitCode !== undefined;
  return html`<section aria-labelledby="details">
  <h2 id="details">Details</h2>
  <dl class="details">
    ${failed && term('Exit code', html`${exitCode} in phase ${phase ?? '?'}`)}
    ${term('Parameters', Object.keys(params).length > 0 ? html`${Object.entries(params).map(([name, value]) => html`<code>${name}=${value}</code> `)}` : html`none`)}
    ${term('Source', html`package <code>${source.sha256.slice(0, 12)}</code>${commit && `, ${commit}`}`)}
    ${term('VM', html`${vm.instance} in ${vm.zone}${vm.machineType && `, ${vm.machineType}`}${outcome?.vcpus !== undefined && `, ${outcome.vcpus} vCPUs seen`}${outcome?.workers !== undefined && `, ${count(outcome.workers, 'worker')}`}${vm.stoppedBy && `; ${stopProof(vm)}`}`)}
    ${attempt > 1 && term('Attempts', html`${attempt}`)}
    ${term('Results', html`<code>${resultsPrefix}</code>`)}
    ${term('Fetch them', html`<code>vicinity pull ${runId}</code>`)}
    ${term('Run it again', html`<code>${retryCommand(status)}</code>`)}
  </dl>
</section>`;
}

function term(name: string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
