import { describeBytes } from '../../model/bytes.ts';
import { type Html, html } from '../html.ts';
import type { OutputChange } from '../output-changes.ts';
import type { ReportData } from '../report-data.ts';
import { describeChange } from '../words.ts';

const MAX_NAMES = 30;

/** The declared outputs, compared with those of the last good run. */
export function outputsSection({ outputs, comparedWith }: ReportData): Html | undefined {
  if (outputs.length === 0) return undefined;
  const against = comparedWith
    ? html`Compared with ${comparedWith}, the last good run, file by file.`
    : html`No earlier good run to compare with.`;
  return html`<section aria-labelledby="outputs">
  <h2 id="outputs">Outputs</h2>
  <div class="scroll"><table>
    <thead><tr><th scope="col">Path</th><th scope="col" class="number">Files</th><th scope="col" class="number">Size</th>
      ${comparedWith && html`<th scope="col" class="number">Previous size</th><th scope="col">Change</th>`}</tr></thead>
    <tbody>${outputs.map((output) => row(output, comparedWith !== undefined))}</tbody>
  </table></div>
  <p class="quiet">${against}</p>
  ${outputs.map(details)}
</section>`;
}

function row(output: OutputChange, isCompared: boolean): Html {
  const { path, objects, bytes, against } = output;
  const missing = objects === 0 || bytes === 0;
  return html`<tr class="${missing && 'bad'}"><th scope="row"><code>${path}</code></th><td class="number">${objects}</td>
    <td class="number">${missing ? (objects === 0 ? 'missing' : 'empty') : describeBytes(bytes)}</td>
    ${isCompared && html`<td class="number">${against ? describeBytes(against.bytesBefore) : ''}</td><td>${changeText(output)}</td>`}</tr>`;
}

function changeText({ bytes, against }: OutputChange): string {
  if (!against) return '';
  const { added, removed, changed, bytesBefore } = against;
  if (added.length + removed.length + changed.length === 0) return 'identical';
  const parts = [
    changed.length > 0 && `${changed.length} changed`,
    added.length > 0 && `${added.length} new`,
    removed.length > 0 && `${removed.length} removed`,
  ];
  return `${describeChange(bytes, bytesBefore)} · ${parts.filter(Boolean).join(', ')}`;
}

function details({ path, against }: OutputChange): Html | undefined {
  if (!against || against.added.length + against.removed.length + against.changed.length === 0)
    return undefined;
  return html`<details><summary><code>${path}</code>: files that differ</summary>
    ${names('changed', against.changed)}${names('new', against.added)}${names('removed', against.removed)}</details>`;
}

function names(what: string, files: string[]): Html | undefined {
  if (files.length === 0) return undefined;
  const more = files.length > MAX_NAMES ? html`<li>and ${files.length - MAX_NAMES} more</li>` : undefined;
  return html`<p>${what}</p><ul class="files">${files.slice(0, MAX_NAMES).map((file) => html`<li><code>${file}</code></li>`)}${more}</ul>`;
}
