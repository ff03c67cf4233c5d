import { serve } from '../../shared/runtime/serve.ts';
import { sweepRuns } from './sweep-runs.ts';

serve('sweepRuns', (deps, { config }) => sweepRuns(deps, config.schedules));
