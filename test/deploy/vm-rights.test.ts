import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { principalOf } from '../../local/iam/principal.ts';
import { objectResource } from '../../local/storage/access.ts';
import { allows } from '../e2e/privilege/rights.ts';
import { configOf, smallTable } from './support/table.ts';

const config = configOf();
const isAllowed = allows(smallTable(config), config);
const vm = principalOf(`vicinity-vm@${config.project}.iam.gserviceaccount.com`);
const RUN = 'runs/20261201-050000-abcd';

function may(permission: 'create' | 'delete' | 'get', name: string): boolean {
  const resource = objectResource(config.project, config.bucket, name);
  return isAllowed({ principal: vm, permission: `storage.objects.${permission}`, resource });
}

suite('the rights of the VM on objects', () => {
  test('it creates the records of its attempts, and replaces only heartbeats, log parts and checkpoints', () => {
    for (const name of ['claim.json', 'outcome.json', 'heartbeat.json', 'build.log.1.part'])
      assert.ok(may('create', `${RUN}/attempt-1/${name}`), name);
    for (const name of ['claim.json', 'outcome.json'])
      assert.ok(!may('delete', `${RUN}/attempt-1/${name}`), name);
    for (const name of [`${RUN}/attempt-1/heartbeat.json`, 'state/all/20261201-050000-abcd/checkpoint.json'])
      assert.ok(may('delete', name), name);
  });

  test('it cannot forge a decision of the control plane', () => {
    const forbidden = [
      `${RUN}/final.json`,
      `${RUN}/status.json`,
      `${RUN}/spec.json`,
      `${RUN}/cancel.json`,
      `${RUN}/notified/finished.json`,
      'results/latest.json',
      'state/all/latest.json',
      'control/vicinity-batch.json',
      'requests/0.json',
      'rejected/1.json',
      'src/latest.json',
      'inputs/0',
      'canary/1.json',
    ];
    assert.deepEqual(
      forbidden.filter((name) => may('create', name) || may('delete', name)),
      [],
    );
  });

  test('it cannot replace or delete saved state', () => {
    for (const name of ['state/blobs/0', 'state/all/20261201-050000-abcd/attempt-1.json']) {
      assert.ok(may('create', name), name);
      assert.ok(!may('delete', name), name);
    }
  });

  test('it reads sources, inputs, records and state, and nothing else', () => {
    for (const name of ['src/0.tar.gz', 'inputs/0', `${RUN}/spec.json`, 'state/all/latest.json'])
      assert.ok(may('get', name), name);
    for (const name of ['control/vicinity-batch.json', 'requests/0.json', 'rejected/1.json'])
      assert.ok(!may('get', name), name);
  });
});
