import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../../scripts/functions/bundle.ts';
import { type Adapters, googleContract } from './google.contract.ts';

/** The same adapters as the functions' bundles have them: what was left out of the packages must not be missed. */
const directory = mkdtempSync(join(tmpdir(), 'vicinity-packed-'));
const file = join(directory, 'index.cjs');
const entry = `
  export { computeInstance } from './shared/google/compute-instance.ts';
  export { storageObjects } from './shared/google/storage-objects.ts';`;
writeFileSync(file, await bundle(entry));
const packed = createRequire(import.meta.url)(file) as Adapters;
rmSync(directory, { recursive: true });

await googleContract('packed', packed);
