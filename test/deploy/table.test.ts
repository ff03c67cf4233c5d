import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levels } from '../../deploy/plan/levels.ts';
import { inOrder } from '../../deploy/table/order.ts';
import { idOf, type Kind, type Resource, type ResourceOf } from '../../deploy/table/resource.ts';
import { configOf, smallTable } from './support/table.ts';

const table = smallTable();

function ofKind<K extends Kind>(kind: K): ResourceOf<K>[] {
  return table.filter((resource) => resource.kind === kind) as unknown as ResourceOf<K>[];
}

test('everything comes after what it depends on, and once', () => {
  const ids = table.map(idOf);
  assert.equal(new Set(ids).size, ids.length);
  for (const [index, { dependsOn }] of table.entries())
    for (const id of dependsOn) assert.ok(ids.indexOf(id) < index, `${ids[index]} before ${id}`);
  const flat = levels(table).flat();
  assert.deepEqual(flat.map(idOf).sort(), ids.sort());
});

test('a circle and a missing dependency are refused', () => {
  const topic = (name: string, dependsOn: string[]): Resource => ({
    kind: 'topic',
    name,
    properties: {},
    input: {},
    dependsOn,
    why: '',
  });
  assert.throws(
    () => inOrder([topic('a', ['topic b']), topic('b', ['topic a'])]),
    new Error('topic a depends on itself: topic a > topic b > topic a'),
  );
  assert.throws(
    () => inOrder([topic('a', ['topic c'])]),
    new Error('topic a depends on topic c, which is not in the table.'),
  );
});

test('five accounts, three functions, three schedules with the one of vicinity.yaml', () => {
  assert.deepEqual(
    ofKind('account').map(({ name }) => name),
    ['vicinity-start-run', 'vicinity-finish-run', 'vicinity-sweep-runs', 'vicinity-vm', 'vicinity-push'],
  );
  assert.deepEqual(
    ofKind('function').map(({ name, properties }) => [name, properties.runtime, properties.account]),
    [
      ['start-run', 'nodejs24', 'vicinity-start-run@vicinity-local.iam.gserviceaccount.com'],
      ['finish-run', 'nodejs24', 'vicinity-finish-run@vicinity-local.iam.gserviceaccount.com'],
      ['sweep-runs', 'nodejs24', 'vicinity-sweep-runs@vicinity-local.iam.gserviceaccount.com'],
    ],
  );
  assert.deepEqual(
    ofKind('schedule').map(({ name, properties }) => [name, properties.cron, properties.timeZone]),
    [
      ['vicinity-sweep', '*/10 * * * *', 'Etc/UTC'],
      ['vicinity-retire', '30 4 * * *', 'Etc/UTC'],
      ['vicinity-weekly', '0 3 * * 1', 'America/New_York'],
    ],
  );
});

test('functions: one event at a time, none kept warm, reached from inside only, told everything but secrets', () => {
  for (const { properties } of ofKind('function')) {
    const { concurrency, minInstances, ingress, environment, secretFile } = properties;
    assert.deepEqual([concurrency, minInstances, ingress], [1, 0, 'ALLOW_INTERNAL_ONLY']);
    assert.deepEqual(JSON.parse(environment.VICINITY_CONFIG ?? ''), configOf());
    assert.equal(environment.VICINITY_SLACK_WEBHOOK_FILE, secretFile.path);
    assert.deepEqual(Object.keys(environment), [
      'GOOGLE_CLOUD_PROJECT',
      'VICINITY_PROJECT',
      'VICINITY_ZONE',
      'VICINITY_INSTANCE',
      'VICINITY_BUCKET',
      'VICINITY_CONFIG',
      'VICINITY_SLACK_WEBHOOK_FILE',
    ]);
  }
});

test('a function is deployed anew when, and only when, its files change', () => {
  const [before] = ofKind('function');
  const source = before?.properties.source ?? '';
  assert.match(source, /^[0-9a-f]{40}$/);
  const again = smallTable().find(({ name, kind }) => kind === 'function' && name === 'start-run');
  assert.equal(again?.kind === 'function' && again.properties.source, source);
});

test('subscriptions never expire, have the longest deadline, and put aside what cannot be handled', () => {
  const pushes = ofKind('subscription').filter(({ properties }) => properties.push);
  assert.equal(pushes.length, 3);
  for (const { name, properties } of pushes) {
    assert.deepEqual(properties, {
      topic: {
        'start-run': 'vicinity-run',
        'finish-run': 'vicinity-run-finished',
        'sweep-runs': 'vicinity-sweep',
      }[name],
      ackDeadlineSeconds: 600,
      retentionSeconds: 604_800,
      expires: 'never',
      retry: { minimum: 10, maximum: 600 },
      deadLetter: { topic: 'vicinity-dead-letter', attempts: 20 },
      push: { function: name, account: 'vicinity-push@vicinity-local.iam.gserviceaccount.com' },
    });
  }
  assert.ok(table.some((each) => idOf(each) === 'subscription vicinity-dead-letter'));
});

test('nothing is public, the project itself grants only the outcome of operations, and the VM has no right on machines', () => {
  const bindings = ofKind('grants').flatMap(({ input }) =>
    input.bindings.map((binding) => ({ on: `${input.target.kind} ${input.target.name}`, ...binding })),
  );
  const members = new Set(bindings.flatMap((binding) => binding.members));
  assert.deepEqual([...members].sort(), [
    'serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com',
    'serviceAccount:vicinity-finish-run@vicinity-local.iam.gserviceaccount.com',
    'serviceAccount:vicinity-push@vicinity-local.iam.gserviceaccount.com',
    'serviceAccount:vicinity-start-run@vicinity-local.iam.gserviceaccount.com',
    'serviceAccount:vicinity-sweep-runs@vicinity-local.iam.gserviceaccount.com',
    'serviceAccount:vicinity-vm@vicinity-local.iam.gserviceaccount.com',
  ]);
  assert.deepEqual(
    bindings.filter(({ on }) => on.startsWith('project ')).map(({ role }) => role),
    ['projects/vicinity-local/roles/vicinityOperations'],
  );
  const vm = bindings.filter((binding) => binding.members.some((member) => member.includes('vicinity-vm@')));
  assert.deepEqual(
    vm.map(({ role, condition }) => [role, condition?.title]),
    [
      ['roles/storage.objectViewer', 'vm-reads'],
      ['roles/storage.objectCreator', 'vm-creates'],
      ['roles/storage.objectUser', 'vm-replaces'],
      ['roles/storage.objectUser', 'vm-results'],
      ['roles/pubsub.publisher', undefined],
    ],
  );
});

test('object conditions name the bucket and the folder', () => {
  const bucket = ofKind('grants').find(({ name }) => name === 'bucket vicinity-local');
  const conditions = Object.fromEntries(
    (bucket?.input.bindings ?? []).map(({ condition }) => [condition?.title, condition?.expression]),
  );
  const objects = 'resource.name.startsWith("projects/_/buckets/vicinity-local/objects';
  assert.equal(
    conditions['vm-results'],
    `(${objects}/results/") && resource.name != "projects/_/buckets/vicinity-local/objects/results/latest.json")`,
  );
  assert.equal(
    conditions['vm-reads'],
    [
      'resource.type == "storage.googleapis.com/Bucket"',
      ...['src', 'inputs', 'runs', 'state'].map((folder) => `${objects}/${folder}/")`),
    ].join(' || '),
  );
  assert.equal(
    conditions['vm-replaces'],
    `(${objects}/runs/") && (resource.name.endsWith("/heartbeat.json") || resource.name.endsWith(".part"))) || ` +
      `(${objects}/state/") && (resource.name.endsWith("/checkpoint.json")))`,
  );
});

test('the bucket: closed, without soft delete, and it deletes only what was marked', () => {
  const [bucket] = ofKind('bucket');
  assert.deepEqual(bucket?.properties, {
    uniformAccess: true,
    publicAccessPrevention: 'enforced',
    softDeleteDays: 0,
    lifecycle: [{ prefixes: ['src/', 'inputs/', 'state/'], daysSinceCustomTime: 14 }],
    labels: { 'managed-by': 'vicinity' },
  });
  assert.deepEqual(bucket?.input, { location: 'US-EAST4' });
});
