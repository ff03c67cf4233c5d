import { type Html, html, raw } from '../html.ts';
import { loadChart } from '../load-chart.ts';
import { PAGE_PALETTE } from '../palette.ts';
import type { ReportData } from '../report-data.ts';
import { describeGib, describeShare } from '../words.ts';

const WIDE = { width: 920, height: 430 };
const NARROW = { width: 350, height: 470 };

/** Processors and memory over time, in two sizes; the page shows the one that fits. */
export function loadSection({ samples, loads }: ReportData): Html | undefined {
  if (samples.length < 2) return undefined;
  const title = titleOf(loads);
  return html`<section aria-labelledby="load">
  <h2 id="load">Processors and memory</h2>
  <figure role="img" aria-label="${title}">
    <div class="wide">${raw(loadChart(samples, WIDE, PAGE_PALETTE))}</div>
    <div class="narrow">${raw(loadChart(samples, NARROW, PAGE_PALETTE))}</div>
    <figcaption class="quiet">${samples.length} samples. ${title}</figcaption>
  </figure>
</section>`;
}

function titleOf(loads: ReportData['loads']): string {
  const make = loads.find(({ name }) => name === 'make') ?? loads[0];
  if (!make) return '';
  return (
    `In phase ${make.name} the processors were ${Math.round(make.busy)} % busy on average and waited ` +
    `${Math.round(make.iowait)} % for the disk; at most ${describeGib(make.peakBytes)} of memory were in use, and ` +
    `${describeShare(make.leastFree)} stayed free.`
  );
}
