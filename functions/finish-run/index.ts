import { serve } from '../../shared/runtime/serve.ts';
import { finishRun } from './finish-run.ts';

const serving = serve('finishRun', (deps, _environment, event) => finishRun(deps, event));

export { serving as finishRun };
