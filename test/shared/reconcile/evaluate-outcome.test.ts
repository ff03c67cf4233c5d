import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../shared/model/attempt.ts';
import type { RunSpec } from '../../../shared/model/spec.ts';
import { evaluateOutcome, isGood } from '../../../shared/reconcile/evaluate-outcome.ts';

const CLEAN = { runId: 'r', outputs: ['data/a', 'data/b/'] } as unknown as RunSpec;

function evaluated(spec: RunSpec, untouched: string[]) {
  const outputs = spec.outputs.map((path) => ({ path, objects: 1, bytes: 1 }));
  const outcome = {
    outcome: 'succeeded',
    cause: 'exit',
    exitCode: 0,
    phase: 'done',
    startedAt: '2026-12-01T00:00:00Z',
    finishedAt: '2026-12-01T00:01:00Z',
    phases: [],
    manifest: [],
    warnings: 0,
    errors: 0,
    outputs,
    untouched,
  } as unknown as Outcome;
  const final = evaluateOutcome(spec, outcome, []);
  return { verdict: final.verdict, reason: final.reason, isGood: isGood(spec, final) };
}

const OK = { verdict: 'ok', reason: undefined, isGood: true };

test('an output that the run did not touch is named', () => {
  assert.deepEqual(evaluated(CLEAN, ['data/b/']), {
    verdict: 'suspect',
    reason: 'output data/b/ was not touched by the run.',
    isGood: false,
  });
});

test('a run that touched no output made nothing', () => {
  assert.deepEqual(evaluated(CLEAN, ['data/a', 'data/b/']), {
    verdict: 'suspect',
    reason: 'nothing was made: the run did not touch data/a, data/b/.',
    isGood: false,
  });
});

test('an output that is carried from the last good run may stay as it is', () => {
  for (const paths of [['data'], ['data/b/c', 'data/a/'], ['data/a', 'data/b']]) {
    const spec = { ...CLEAN, state: { paths, checkpointSeconds: 60 } };
    assert.deepEqual(evaluated(spec, ['data/a', 'data/b/']), OK, paths.join());
  }
  const spec = { ...CLEAN, state: { paths: ['data/bc'], checkpointSeconds: 60 } };
  assert.equal(evaluated(spec, ['data/b/']).verdict, 'suspect');
});
