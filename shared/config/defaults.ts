/** The vicinity pipeline's own targets and outputs: what a repository without a `targets` section gets. */
export const DEFAULT_TARGETS = {
  d_anchor_category: target('data/d_anchor_category'),
  all: target('data/anchors', 'data/minutes', 'tiles', 'data/d_anchor_category', 'data/d_anchor_brand'),
};

/** Its variables that a person changes from run to run, for a repository without a `params` section. */
export const DEFAULT_PARAMS = {
  WORKERS: { pattern: '[1-9][0-9]{0,2}' },
  THREADS: { pattern: '[1-9][0-9]{0,2}' },
  STATES: { pattern: '[a-z]+(-[a-z]+)*([ ,]+[a-z]+(-[a-z]+)*)*' },
};

function target(...outputs: string[]) {
  return {
    outputs,
    params: {},
    runAs: 'user' as const,
    state: 'clean' as const,
    statePaths: [],
    checkpointEvery: '15m',
  };
}
