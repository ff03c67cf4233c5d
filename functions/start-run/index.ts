import { serve } from '../../shared/runtime/serve.ts';
import { startRun } from './start-run.ts';

serve('startRun', (deps, { config }, event) => startRun(deps, config, event));
