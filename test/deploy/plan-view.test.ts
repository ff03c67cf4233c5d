import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan } from '../../deploy/plan/plan.ts';
import { idOf, type Json } from '../../deploy/table/resource.ts';
import { planRecord, planView } from '../../deploy/view/plan-view.ts';
import { configOf, smallTable } from './support/table.ts';

const config = configOf();
const table = smallTable();
const plain = (_colour: string, text: string) => text;
const asItIs = () => new Map(table.map((each) => [idOf(each), each.properties as unknown as Json]));

test('a plan names what is missing and what differs, each with its reason', () => {
  const observed = asItIs();
  observed.delete('topic vicinity-sweep');
  observed.set('subscription start-run', {
    ...(observed.get('subscription start-run') as object),
    ackDeadlineSeconds: 10,
    push: null,
  });
  observed.set('grants secret vicinity-slack-webhook', {
    members: {
      'roles/secretmanager.secretAccessor': [
        'serviceAccount:vicinity-start-run@vicinity-local.iam.gserviceaccount.com',
      ],
    },
  });
  const changes = plan(table, observed);
  assert.equal(
    planView(config, changes, Number.POSITIVE_INFINITY, plain),
    `Project vicinity-local, zone us-east4-c, bucket vicinity-local, instance vicinity-batch

+ topic vicinity-sweep                  starts the sweep every ten minutes
~ grants secret vicinity-slack-webhook  the functions read the webhook
    roles/secretmanager.secretAccessor: vicinity-finish-run, vicinity-sweep-runs
~ subscription start-run                delivers vicinity-run to start-run
    ackDeadlineSeconds: 10 → 600
    push: null → {"function":"start-run","account":"vicinity-push@vicinity-lo…

1 to create, 2 to change, ${table.length - 3} as they should be.`,
  );
  assert.deepEqual((planRecord(config, changes) as { changes: object[] }).changes[0], {
    action: 'create',
    kind: 'topic',
    name: 'vicinity-sweep',
    why: 'starts the sweep every ten minutes',
    differences: [],
    notes: [],
  });
});

test('nothing to do', () => {
  assert.equal(
    planView(config, plan(table, asItIs()), Number.POSITIVE_INFINITY, plain),
    `Project vicinity-local, zone us-east4-c, bucket vicinity-local, instance vicinity-batch

All ${table.length} resources are as they should be. Nothing to do.`,
  );
});
