import { TOPICS } from './topics.ts';

/** The control plane's functions: the folder of the bundle, the export of it that handles events, and the topic whose messages it gets. */
export const FUNCTIONS = [
  { name: 'start-run', target: 'startRun', topic: TOPICS.run },
  { name: 'finish-run', target: 'finishRun', topic: TOPICS.finished },
  { name: 'sweep-runs', target: 'sweepRuns', topic: TOPICS.sweep },
] as const;

export type FunctionName = (typeof FUNCTIONS)[number]['name'];
