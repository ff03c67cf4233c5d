import { describeSeconds } from '../../config/duration.ts';
import { secondsOf } from '../../history/facts.ts';
import { describeBytes } from '../../model/bytes.ts';
import { count } from '../../model/count.ts';
import { describeTime } from '../../model/moment.ts';
import { describeRun } from '../../presentation/describe-run.ts';
import { describeDollars, describeHourly } from '../../pricing/costs.ts';
import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { describeChange, describeGib } from '../words.ts';

/** The result, and the figures that a reader looks for first. */
export function headSection(data: ReportData): Html {
  const { status } = data;
  const run = describeRun(status);
  const when = status.finishedAt ?? status.requestedAt;
  const by = run.startedBy ? html` · started by ${run.startedBy}` : undefined;
  return html`<header>
  <p class="kicker">${run.runId}</p>
  <h1>${run.target} <span class="pill ${run.tone}">${run.label}</span></h1>
  <p class="quiet">${describeTime(when)}${by}</p>
  ${run.reason && html`<p class="reason ${run.tone}">${run.reason}</p>`}
  <dl class="figures">${figures(data)}</dl>
</header>`;
}

function figures({ status, loads, outputs, baseline }: ReportData): Html[] {
  const { cost } = status;
  const seconds = secondsOf(status);
  const make = loads.find(({ name }) => name === 'make');
  return [
    seconds === undefined
      ? undefined
      : figure('Time', describeSeconds(seconds), timeNote(status, seconds, baseline)),
    cost && figure('Cost', describeDollars(cost.total), describeHourly(cost.perHour)),
    make &&
      figure(
        'Processors',
        `${Math.round(make.busy)} %`,
        `busy in make; ${Math.round(make.iowait)} % waiting for disks`,
      ),
    make && figure('Memory', describeGib(make.peakBytes), `peak, of ${describeGib(make.memoryBytes)}`),
    outputs.length > 0 ? figure('Outputs', ...outputsFigure(outputs)) : undefined,
  ].filter((each) => each !== undefined);
}

function timeNote({ status }: ReportData['status'], seconds: number, baseline: ReportData['baseline']) {
  const last = baseline.find((run) => run.status === 'succeeded');
  if (status !== 'succeeded' || last?.seconds === undefined) return 'since its start on the VM';
  return `${describeChange(seconds, last.seconds)} compared with the last good run`;
}

function outputsFigure(outputs: ReportData['outputs']): [string, string] {
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  const files = outputs.reduce((sum, { objects }) => sum + objects, 0);
  return [describeBytes(bytes), count(files, 'file')];
}

function figure(name: string, value: string, note: string): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;
}
