import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareInputs } from '../examples/vicinity/prepare-inputs.ts';
import { bundleStartupScript } from '../startup-script/bundle.ts';
import { buildFunctions } from './build-functions.ts';
import { buildPrograms } from './build-programs.ts';

/** `npm run build`, also run by `npm ci`: what is deployed, and the example's inputs. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, 'startup.sh'), bundleStartupScript(), { mode: 0o755 });
await buildFunctions(join(dist, 'functions'));
await buildPrograms(dist);
await prepareInputs();
