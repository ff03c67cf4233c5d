import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configSchema } from '../../../shared/config/schema.ts';
import { describeIssue } from '../../../shared/errors.ts';
import { checkRequest } from '../../../shared/intake/check-request.ts';

const config = configSchema.parse({
  targets: {
    d_anchor_category: { outputs: ['data/d_anchor_category'] },
    all: { params: { CUTOFF: { pattern: '\\d+', default: '30' } } },
  },
  params: {
    WORKERS: { pattern: '[1-9][0-9]{0,2}' },
    STATES: { pattern: '[a-z_,]+' },
    NOTE: { pattern: '.*' },
  },
});

function issuesOf(request: object): string[] {
  const checked = checkRequest(request, config);
  return 'issues' in checked ? checked.issues.map(describeIssue) : [];
}

test('an unknown target names the nearest one', () => {
  assert.deepEqual(issuesOf({ target: 'd_anchor_categry' }), [
    'target: "d_anchor_categry" is not one of the configured targets. Did you mean d_anchor_category? Add a target to vicinity.yaml to allow it.',
  ]);
  assert.deepEqual(issuesOf({ target: 'constructor' }), [
    'target: "constructor" is not one of the configured targets. Configured are d_anchor_category, all. Add a target to vicinity.yaml to allow it.',
  ]);
});

test('a parameter must be declared, match its pattern as a whole, and hold nothing that make or a shell would act on', () => {
  assert.deepEqual(
    issuesOf({ params: { STATE: 'maine', WORKERS: '8;', STATES: 'maine\n', NOTE: '$(shell id)' } }),
    [
      'params.STATE: is not a declared parameter of this target. Did you mean STATES?',
      'params.WORKERS: "8;" holds a character that make or a shell would act on. Give a plain value that matches [1-9][0-9]{0,2}.',
      'params.STATES: "maine\\n" holds a character that make or a shell would act on. Give a plain value that matches [a-z_,]+.',
      'params.NOTE: "$(shell id)" holds a character that make or a shell would act on. Give a plain value that matches .*.',
    ],
  );
  assert.deepEqual(issuesOf({ params: { WORKERS: '8x' } }), [
    'params.WORKERS: "8x" does not match its pattern [1-9][0-9]{0,2}. Correct the value, or the pattern in vicinity.yaml.',
  ]);
});

test('with an unknown target, its parameters are checked as far as they can be', () => {
  assert.deepEqual(issuesOf({ target: 'al', params: { STATES: 'MAINE', CUTOFF: 'soon', NONE: '1' } }), [
    'target: "al" is not one of the configured targets. Did you mean all? Add a target to vicinity.yaml to allow it.',
    'params.STATES: "MAINE" does not match its pattern [a-z_,]+. Correct the value, or the pattern in vicinity.yaml.',
    'params.NONE: is not a declared parameter of this target. Did you mean NOTE?',
  ]);
});

test('a machine type must be allowed', () => {
  assert.deepEqual(issuesOf({ machineType: 'n2-standard-8' }), [
    'machineType: n2-standard-8 is not one of the allowed machine types. Allowed are c4d-highcpu-32, c4d-highcpu-96 (machineTypes in vicinity.yaml).',
  ]);
});

test("a target's own parameters and their defaults count for it alone", () => {
  const checked = checkRequest({ target: 'all', params: { WORKERS: '8' } }, config);
  assert.deepEqual('resolved' in checked && checked.resolved.params, { CUTOFF: '30', WORKERS: '8' });
  assert.equal(issuesOf({ target: 'd_anchor_category', params: { CUTOFF: '30' } }).length, 1);
});

test('TELEMETRY_INTERVAL of a request is that of the run, declared or not', () => {
  const intervalOf = (params: Record<string, string>) => {
    const checked = checkRequest({ target: 'all', params }, config);
    return 'resolved' in checked && checked.resolved.telemetryInterval;
  };
  assert.equal(intervalOf({}), 5);
  assert.equal(intervalOf({ TELEMETRY_INTERVAL: '30' }), 30);
  assert.equal(intervalOf({ TELEMETRY_INTERVAL: '300' }), 300);
  for (const value of ['0', '301', '1.5', 'x', ''])
    assert.deepEqual(
      issuesOf({ target: 'all', params: { TELEMETRY_INTERVAL: value } }).length,
      1,
      `${value} is refused`,
    );
});
