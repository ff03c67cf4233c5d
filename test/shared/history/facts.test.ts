import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf } from '../../../shared/history/facts.ts';
import { finishedStatus } from '../../cli/support/statuses.ts';

const vm = { instance: 'vicinity-batch', zone: 'us-east4-c', machineType: 'c4d-highcpu-32' };

test('the workers of a run are those that make was given', () => {
  assert.equal(figuresOf(finishedStatus({ vm, params: {}, workers: 1 })).workers, 1);
  assert.equal(figuresOf(finishedStatus({ vm, params: { WORKERS: '12' }, workers: 12 })).workers, 12);
});

test('where the run has not told, they are those that were asked for, or what its machine takes by itself', () => {
  assert.equal(figuresOf(finishedStatus({ vm, params: { WORKERS: '12' } })).workers, 12);
  assert.equal(figuresOf(finishedStatus({ vm, params: {} })).workers, 10);
});
