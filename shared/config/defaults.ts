/** The vicinity pipeline's own targets and outputs: what a repository without a `targets` section gets. */
export const DEFAULT_TARGETS = {
  d_anchor_category: target('data/d_anchor_category'),
  all: target('data/anchors', 'data/minutes', 'tiles', 'data/d_anchor_category', 'data/d_anchor_brand'),
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
