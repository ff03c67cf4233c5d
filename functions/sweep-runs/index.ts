import { serve } from '../../shared/runtime/serve.ts';
import { sweepRuns } from './sweep-runs.ts';

const serving = serve('sweepRuns', (deps, { config }, event) => sweepRuns(deps, config.schedules, event));

export { serving as sweepRuns };
