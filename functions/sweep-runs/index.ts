import { serve } from '../../shared/runtime/serve.ts';
import { sweepRuns } from './sweep-runs.ts';

const serving = serve('sweepRuns', (deps, { config }) => sweepRuns(deps, config.schedules));

export { serving as sweepRuns };
