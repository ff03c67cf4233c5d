import { count } from '../../model/count.ts';
import { describeRun } from '../../presentation/describe-run.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';

/** Inputs, machine and results of the run, and the commands that one would type next. */
export function detailsSection({ status, outcome }: ReportData): Html {
  const run = describeRun(status);
  const machine = [
    run.machine,
    outcome?.vcpus !== undefined && count(outcome.vcpus, 'vCPU'),
    outcome?.workers !== undefined && count(outcome.workers, 'worker'),
  ];
  return html`<section aria-labelledby="details">
  <h2 id="details">Details</h2>
  <dl class="details">
    ${run.cause && term('Cause', html`${run.cause}`)}
    ${term('Parameters', parameters(run.parameters))}
    ${term('Source', html`${run.source}`)}
    ${term('VM', html`${machine.filter(Boolean).join(', ')}`)}
    ${status.vm.stoppedBy && run.stopProof && term('VM time', html`${run.stopProof}`)}
    ${run.attempt && term('Attempt', html`${run.attempt}`)}
    ${term('Results', html`<code>${run.results}</code>`)}
    ${run.next.map(({ effect, command }) => term(effect, html`<code>${command}</code>`))}
  </dl>
</section>`;
}

function parameters(texts: string[]): Html {
  return texts.length > 0 ? html`${texts.map((text) => html`<code>${text}</code> `)}` : html`none`;
}

function term(name: string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
