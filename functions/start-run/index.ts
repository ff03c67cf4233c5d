import { serve } from '../../shared/runtime/serve.ts';
import { startRun } from './start-run.ts';

const serving = serve('startRun', (deps, { config }, event) => startRun(deps, config, event));

export { serving as startRun };
