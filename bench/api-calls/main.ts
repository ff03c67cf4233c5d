import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { countCalls } from './run.ts';
import { linesOf, textOf } from './table.ts';

/**
 * `node bench/api-calls/main.ts [--boot-seconds 30] [--json FILE]`: the API calls of one run on the local cloud, from its message to
 * Slack, and what they cost on Google Cloud.
 */
const { values } = parseArgs({ options: { 'boot-seconds': { type: 'string' }, json: { type: 'string' } } });
const bootSeconds = Number(values['boot-seconds'] ?? 30);
const counted = await countCalls(bootSeconds);
const lines = linesOf(counted);
console.log(textOf(lines, bootSeconds));
if (values.json) {
  const calls = [...counted.calls].map(([caller, operations]) => [caller, Object.fromEntries(operations)]);
  const report = { bootSeconds, lines, calls: Object.fromEntries(calls) };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
