import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { circumstances } from '../support/machine.ts';
import { coldStart } from './measure.ts';
import { type Measured, reportOf, textOf } from './table.ts';
import { makeVariants } from './variants.ts';

/**
 * `node bench/cold-start/main.ts [--rounds 15] [--json FILE]`: how long the functions take from the start of their process, compared
 * with an empty function of the functions framework in the same run. Linux only.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string' }, json: { type: 'string' } } });
const rounds = Number(values.rounds ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
try {
  const at = circumstances();
  const measured: Measured[] = (await makeVariants(folder)).flatMap((variant) =>
    variant.events.map(({ name }) => ({ variant, event: name, samples: [] })),
  );
  // In turn, so that what else the machine does befalls all alike. The first round warms the file cache.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { variant, event, samples } of measured) {
      const given = variant.events.find(({ name }) => name === event);
      const sample = given && (await coldStart(variant, given, folder));
      if (sample && round > 0) samples.push(sample);
    }
  }
  const report = reportOf(measured, at);
  console.log(textOf(report));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
