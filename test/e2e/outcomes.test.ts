import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, startSystem } from './harness.ts';

/** The whole system in process mode: how runs end, and what people see of it. */
const system = await startSystem();
after(() => system[Symbol.asyncDispose]());

async function run(message: Parameters<typeof system.publish>[1]) {
  return system.finished(await system.runOf(await system.publish('vicinity-run', message)));
}

async function text(name: string): Promise<string> {
  return (await system.objects.read(name))?.text ?? '';
}

test('a message leads to results, a recorded status and a Slack message', async () => {
  const status = await run({
    data: { target: 'good', params: { STATES: 'maine', WORKERS: '3' }, requestedBy: 'ada' },
  });
  assert.equal(status.status, 'succeeded');
  assert.equal(status.verdict, 'ok');
  assert.equal(status.exitCode, 0);
  assert.equal(status.requestedBy, 'ada');
  assert.equal(status.vm.stoppedBy, 'startup-script');
  const results = `results/${status.runId}`;
  assert.equal(status.resultsPrefix, `gs://vicinity-local/${results}`);
  assert.equal(await text(`${results}/out/a.txt`), 'workers=3 states=maine\n');
  assert.match(await text(`${results}/report.html`), / UTC · started by ada/);
  const names = (await system.objects.list({ prefix: `${results}/` })).map((info) =>
    info.name.slice(results.length + 1),
  );
  assert.deepEqual(names, [
    'build.log',
    'out/a.txt',
    'report.html',
    'serial.log',
    'startup_detail.log',
    'summary.json',
    'telemetry.csv',
  ]);
  const phases = (status.phases ?? []).map((phase) => phase.name);
  for (const phase of ['boot', 'claim', 'source', 'make', 'upload']) assert.ok(phases.includes(phase), phase);
  const serial = await text(`${results}/serial.log`);
  assert.match(serial, /^\[timer\] make \d/m);
  assert.match(serial, /^\[telemetry\]\[cpu\]/m);
  assert.equal(JSON.parse(await text('results/latest.json')).good.runId, status.runId);
  const [message = '', ...more] = system.slackBeforeOff(status.runId);
  assert.deepEqual(more, []);
  assert.match(message, /good succeeded in \d+ s/);
});

test('attributes alone, as gcloud --attribute sends them', async () => {
  const status = await run({ attributes: { target: 'good', WORKERS: '7', STATES: 'ohio' } });
  assert.equal(await text(`results/${status.runId}/out/a.txt`), 'workers=7 states=ohio\n');
});

test('a make that fails is a failure, with partial results, the log and the command to retry', async () => {
  const { runId, ...status } = await run({ data: { target: 'fails' } });
  assert.equal(status.status, 'failed');
  assert.equal(status.exitCode, 2);
  assert.equal(status.phase, 'make');
  assert.equal(await text(`results/${runId}/out/a.txt`), 'partial\n');
  assert.match(await text(`results/${runId}/build.log`), /about to fail/);
  assert.match(await text(`results/${runId}/startup_error.txt`), /make/);
  const [message = ''] = system.slack(runId);
  assert.match(message, /fails failed after \d+ s/);
  assert.match(message, /about to fail/);
  assert.match(message, /vicinity run --target fails --source [0-9a-f]{64}/);
});

test('exit 0 without the declared output is suspect', async () => {
  const status = await run({ data: { target: 'missing' } });
  assert.deepEqual(
    [status.status, status.verdict, status.reason],
    ['succeeded', 'suspect', 'output out is missing or empty.'],
  );
});

test('exit 0 with an empty output is suspect', async () => {
  const status = await run({ data: { target: 'empty' } });
  assert.deepEqual(
    [status.status, status.verdict, status.reason],
    ['succeeded', 'suspect', 'output out is empty.'],
  );
});

test('[warn] and [error] lines make a run suspect', async () => {
  const status = await run({ data: { target: 'doubtful' } });
  assert.equal(status.verdict, 'suspect');
  assert.equal(status.reason, '1 [error] line in build.log; 1 [warn] line in build.log.');
});

interface Rejection {
  notified: boolean;
  faults: { field: string; problem: string }[];
}

/** The record of a refusal, once people are notified. */
function rejection(messageId: string): Promise<Rejection> {
  return eventually(`the rejection of ${messageId}`, async () => {
    const record = JSON.parse((await text(`rejected/${messageId}.json`)) || '{}') as Rejection;
    return record.notified ? record : undefined;
  });
}

const REFUSED: [string, Parameters<typeof system.publish>[1], RegExp][] = [
  ['an unknown target', { data: { target: 'bad' } }, /target: "bad" is not one of the configured targets/],
  [
    'a target with a command in it',
    { data: { target: 'good; rm -rf /' } },
    /target: must be one make target/,
  ],
  [
    'a parameter outside its pattern',
    { data: { params: { WORKERS: '0' } } },
    /params\.WORKERS: "0" does not match its pattern/,
  ],
  [
    'make syntax in a parameter',
    { data: { params: { STATES: '$(shell id)' } } },
    /params\.STATES: .* holds a character that make/,
  ],
  ['what is no JSON', { data: '{"target":' }, /message: is not a JSON object/],
  [
    '300 KB of metadata',
    { data: { params: { STATES: 'a'.repeat(300_000) } } },
    /message: has 30\d+ bytes, more than the 65536/,
  ],
  [
    'an unknown package',
    { data: { source: 'f'.repeat(64) } },
    /source: there is no gs:\/\/vicinity-local\/src\/f{64}/,
  ],
];

for (const [what, message, reason] of REFUSED) {
  test(`${what} is refused once: recorded, told, nothing started`, async () => {
    const before = system.pipeline.executions().length;
    const messageId = await system.publish('vicinity-run', message);
    const record = await rejection(messageId);
    assert.match(record.faults.map((fault) => `${fault.field}: ${fault.problem}`).join('\n'), reason);
    const [told = '', ...more] = system.slack(`Message ${messageId}.`);
    assert.deepEqual(more, []);
    assert.match(told, /A request was refused/);
    assert.equal(system.pipeline.executions().length, before);
  });
}
