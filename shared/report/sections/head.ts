import { describeSeconds } from '../../config/duration.ts';
import { secondsOf } from '../../history/facts.ts';
import { describeBytes } from '../../model/bytes.ts';
import { describeTime } from '../../model/moment.ts';
import { describeDollars, describeHourly } from '../../pricing/costs.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { describeChange, describeGib, ending } from '../words.ts';

/** The outcome, and the figures that one looks for first. */
export function headSection({ status, loads, outputs, baseline }: ReportData): Html {
  const { word, tone } = ending(status);
  const when = status.finishedAt ?? status.requestedAt;
  const by = status.requestedBy ? html` · asked for by ${status.requestedBy}` : undefined;
  return html`<header>
  <p class="kicker">${status.runId}</p>
  <h1>${status.target} <span class="pill ${tone}">${word}</span></h1>
  <p class="quiet">${describeTime(when)}${by}</p>
  ${status.reason && html`<p class="reason ${tone}">${status.reason}</p>`}
  <dl class="figures">${figures(status, loads, outputs, baseline)}</dl>
</header>`;
}

function figures(
  status: ReportData['status'],
  loads: ReportData['loads'],
  outputs: ReportData['outputs'],
  baseline: ReportData['baseline'],
): Html[] {
  const seconds = secondsOf(status);
  const last = baseline.find((run) => run.status === 'succeeded');
  const before = status.status === 'succeeded' ? last?.seconds : undefined;
  const make = loads.find(({ name }) => name === 'make');
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  const { cost } = status;
  return [
    ...(seconds === undefined
      ? []
      : [
          figure(
            'Time',
            describeSeconds(seconds),
            before === undefined
              ? 'from its start on the VM'
              : `${describeChange(seconds, before)} against the last`,
          ),
        ]),
    ...(cost ? [figure('Cost', describeDollars(cost.total), describeHourly(cost.perHour))] : []),
    ...(make
      ? [
          figure(
            'Processors',
            `${Math.round(make.busy)} %`,
            `busy in make; ${Math.round(make.iowait)} % waiting`,
          ),
          figure('Memory', describeGib(make.peakBytes), `at its peak, of ${describeGib(make.memoryBytes)}`),
        ]
      : []),
    ...(outputs.length > 0 ? [figure('Outputs', describeBytes(bytes), filesText(outputs))] : []),
  ];
}

function filesText(outputs: ReportData['outputs']): string {
  const files = outputs.reduce((sum, { objects }) => sum + objects, 0);
  return `${files} files`;
}

function figure(name: string, value: string, note: string): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;
}
