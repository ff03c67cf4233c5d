import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadConfig } from '../../../shared/config/load.ts';
import { describeIssue, InvalidError } from '../../../shared/errors.ts';

const SHARDED = `defaultTarget: d
params: { STATES: { pattern: '[a-z-]+( [a-z-]+)*' } }
targets:
  d:
    shards:
      by: STATES
      values: [massachusetts, rhode-island]
`;
const REMEDY = 'See docs/reference/configuration.md.';

function issuesOf(text: string): string[] {
  try {
    loadConfig({ text, env: {} });
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidError);
    return error.issues.map(describeIssue);
  }
}

suite('targets.*.shards and batch', () => {
  test('are read, with their defaults', () => {
    const config = loadConfig({ text: `${SHARDED}batch: { region: us-east4 }\n`, env: {} });
    assert.deepEqual(config.targets.d?.shards, {
      by: 'STATES',
      values: ['massachusetts', 'rhode-island'],
      machineTypes: {},
      failFast: false,
    });
    assert.deepEqual(config.batch, { region: 'us-east4', maxParallel: 16, disk: { sizeGb: 100 } });
  });

  test('nothing is sharded where the file says nothing', () => {
    const { batch, targets } = loadConfig({ env: {} });
    assert.deepEqual([batch, targets.all?.shards], [undefined, undefined]);
  });

  test('a shard must match the pattern of its parameter', () => {
    assert.deepEqual(issuesOf(SHARDED.replace('rhode-island', 'Rhode_Island')), [
      `vicinity.yaml:7 targets.d.shards.values.1: is "Rhode_Island", which does not match the pattern of STATES. ${REMEDY}`,
    ]);
  });

  test('the parameter must be declared', () => {
    assert.deepEqual(issuesOf(SHARDED.replace('by: STATES', 'by: REGIONS')), [
      `vicinity.yaml:6 targets.d.shards.by: is REGIONS, but must be a parameter of the target. ${REMEDY}`,
    ]);
  });

  test('machine types name shards, place and merge exclude each other, and place has the shard', () => {
    const more = "      machineTypes: { ohio: c4d-highcpu-96 }\n      place: 'state={shard}'\n";
    assert.deepEqual(issuesOf(`${SHARDED}${more}`), [
      `vicinity.yaml:8 targets.d.shards.machineTypes.ohio: must be one of the shards in values. ${REMEDY}`,
    ]);
    assert.deepEqual(issuesOf(`${SHARDED}      place: 'state={shard}'\n      merge: merge\n`), [
      `vicinity.yaml:9 targets.d.shards.merge: must not be set beside place: either the outputs have a directory per shard, or a target merges them. ${REMEDY}`,
    ]);
    assert.deepEqual(issuesOf(`${SHARDED}      place: state\n`), [
      `vicinity.yaml:8 targets.d.shards.place: must be a path below an output that contains {shard} once, such as state={shard}. ${REMEDY}`,
    ]);
  });

  test('one shard, or the same twice, is refused', () => {
    const values = (list: string) => SHARDED.replace('[massachusetts, rhode-island]', list);
    assert.deepEqual(issuesOf(values('[ohio]')), [
      `vicinity.yaml:7 targets.d.shards.values: must list at least two shards. ${REMEDY}`,
    ]);
    assert.deepEqual(issuesOf(values('[ohio, ohio]')), [
      `vicinity.yaml:7 targets.d.shards.values: must not list a shard twice. ${REMEDY}`,
    ]);
  });

  test('the time limit of a sharded target is at most 13 days, its own or that of limits', () => {
    const message = 'must have a time limit of at most 13d (is 14d): a Batch job runs for 14 days';
    assert.deepEqual(issuesOf(`${SHARDED}    maxDuration: 14d\n`), [
      `vicinity.yaml:8 targets.d.maxDuration: ${message}. ${REMEDY}`,
    ]);
    assert.deepEqual(issuesOf(`${SHARDED}limits: { maxDuration: 14d }\n`), [
      `vicinity.yaml:6 targets.d.shards: ${message}. ${REMEDY}`,
    ]);
  });

  test('a region is no zone', () => {
    assert.deepEqual(issuesOf('batch: { region: us-east4-c }\n'), [
      `vicinity.yaml:1 batch.region: must be a region such as us-east4. ${REMEDY}`,
    ]);
  });
});
