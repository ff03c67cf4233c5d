import { serve } from '../../shared/runtime/serve.ts';
import { finishRun } from './finish-run.ts';

serve('finishRun', (deps, _environment, event) => finishRun(deps, event));
