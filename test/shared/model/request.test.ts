import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeIssue } from '../../../shared/errors.ts';
import { MAX_REQUEST_BYTES, parseRequest } from '../../../shared/model/request.ts';

const message = (data: string, attributes: Record<string, string> = {}) => ({
  messageId: '1',
  publishedAt: '2026-11-24T03:00:00Z',
  data,
  attributes,
});

function issuesOf(data: string, attributes: Record<string, string> = {}): string[] {
  const parsed = parseRequest(message(data, attributes));
  return 'issues' in parsed ? parsed.issues.map(describeIssue) : [];
}

function requestOf(data: string, attributes: Record<string, string> = {}) {
  const parsed = parseRequest(message(data, attributes));
  return 'request' in parsed ? parsed.request : parsed.issues;
}

test('the documented request is read whole', () => {
  const request = {
    target: 'd_anchor_category',
    source: 'latest',
    params: { WORKERS: '32', STATES: 'massachusetts' },
    machineType: 'c4d-highcpu-96',
    maxDuration: '20h',
    onBusy: 'queue',
    requestId: 'weekly-48',
    requestedBy: 'ada',
  };
  assert.deepEqual(requestOf(JSON.stringify(request)), request);
});

test('data and attributes may each give a part; numbers become text', () => {
  const request = requestOf('{"target":"all","params":{"STATES":"massachusetts"}}', {
    WORKERS: '48',
    onBusy: 'skip',
  });
  assert.deepEqual(request, {
    target: 'all',
    onBusy: 'skip',
    params: { WORKERS: '48', STATES: 'massachusetts' },
  });
  assert.deepEqual(requestOf('{"params":{"WORKERS":8}}'), { params: { WORKERS: '8' } });
  assert.deepEqual(requestOf('', { params: '{"WORKERS":"8"}' }), { params: { WORKERS: '8' } });
});

test('a number keeps the text that it is written as', () => {
  for (const text of ['0', '8', '-1', '1.10', '1e3', '0.1', '9007199254740991', '1.0'])
    assert.deepEqual(requestOf(`{"params":{"N":${text}}}`), { params: { N: text } }, text);
  assert.deepEqual(requestOf('', { params: '{"N":1.10}' }), { params: { N: '1.10' } });
});

test('a number that JSON does not keep exactly is refused', () => {
  const fault =
    'params.N: is a number that JSON does not keep exactly: write it as text, in quotes. Correct it and publish the request again.';
  for (const text of ['1e400', '-1e400', '12345678901234567890', '9007199254740993', '1e21']) {
    assert.deepEqual(issuesOf(`{"params":{"N":${text}}}`), [fault], text);
    assert.deepEqual(issuesOf('', { params: `{"N":${text}}` }), [fault], text);
  }
  assert.deepEqual(requestOf('{"params":{"N":"12345678901234567890"}}'), {
    params: { N: '12345678901234567890' },
  });
});

test('a byte order mark is named', () => {
  assert.deepEqual(issuesOf('\ufeff{"target":"all"}'), [
    'message: begins with a byte order mark (U+FEFF), which JSON does not allow. Save the file as UTF-8 without BOM, or pass the text itself.',
  ]);
});

test("Google's own attributes and the Scheduler's are not the user's", () => {
  assert.deepEqual(requestOf('', { googclient_schemaencoding: 'JSON', schedule: 'weekly' }), {});
});

test('every fault is reported at once, each with its remedy', () => {
  assert.deepEqual(
    issuesOf('{"traget":"all","target":"a b","maxDuration":"soon","WORKERS":"3"}', { onBusy: 'wait' }),
    [
      'target: must be one make target: letters, digits and . _ / - only. Correct it and publish the request again.',
      'maxDuration: must be a duration such as 90m or 20h, between 30s and 120d. Correct it and publish the request again.',
      'onBusy: must be queue or skip. Correct it and publish the request again.',
      'traget: is not a field of a request. Did you mean target?',
      'WORKERS: is not a field of a request. Put make variables under params: {"params": {"WORKERS": "…"}}.',
    ],
  );
});

test('a make variable in lower case is told how to be written', () => {
  assert.deepEqual(issuesOf('', { workers: '48' }), [
    'workers: is not a field of a request. The fields are action, runId, target, source, params, machineType, maxDuration, onBusy, requestId, requestedBy; a make variable is written in upper case.',
  ]);
});

test('what is no JSON object says how to write one', () => {
  assert.deepEqual(issuesOf('target=all'), [
    'message: is not a JSON object: "target=all". Write it like {"target": "all"}, or use attributes: --attribute=target=all.',
  ]);
  assert.deepEqual(issuesOf('', { params: 'STATES=maine' }), [
    'params: is not a JSON object: "STATES=maine". Write it like {"STATES": "massachusetts"}, or each variable as an attribute of its own: --attribute=STATES=massachusetts.',
  ]);
  assert.equal(issuesOf('[1]').length, 1);
  assert.equal(issuesOf('null').length, 1);
});

test('a field given twice with different values is refused', () => {
  assert.deepEqual(issuesOf('{"target":"all"}', { target: 'tiles' }), [
    'target: is given twice, with different values, in the data and as an attribute. Give it once.',
  ]);
});

test('a make variable given twice with different values is refused', () => {
  assert.deepEqual(issuesOf('{"params":{"WORKERS":8,"STATES":"maine"}}', { WORKERS: '9', STATES: 'maine' }), [
    'params.WORKERS: is given twice, with different values, in the data and as an attribute. Give it once.',
  ]);
});

test('a run id without action cancel is no request for another run', () => {
  const runId = '20261124-030643-1a2b';
  const fault =
    'runId: is only for action cancel: a new run gets an id of its own. To cancel that run: {"action": "cancel", "runId": "…"}. For a run of your own key, give a requestId.';
  assert.deepEqual(issuesOf('', { runId }), [fault]);
  assert.deepEqual(issuesOf(JSON.stringify({ action: 'run', runId })), [fault]);
  assert.deepEqual(requestOf('', { action: 'cancel', runId }), { action: 'cancel', runId });
});

test('a value of the wrong kind is told in plain words', () => {
  const data = {
    target: null,
    params: { WORKERS: {} },
    source: 5,
    requestId: '',
    requestedBy: 'x'.repeat(201),
  };
  const again = 'Correct it and publish the request again.';
  assert.deepEqual(issuesOf(JSON.stringify(data)), [
    `target: must be text, not null. ${again}`,
    `source: must be text, not 5. ${again}`,
    `params.WORKERS: must be text, a number, true or false. ${again}`,
    `requestId: must have at least 1 character. ${again}`,
    `requestedBy: must have at most 200 characters. ${again}`,
  ]);
});

test('a request of 300 KB is refused by its size', () => {
  assert.deepEqual(issuesOf(JSON.stringify({ params: { STATES: 'x'.repeat(300 * 1024) } })), [
    `message: has ${300 * 1024 + 26} bytes, more than the ${MAX_REQUEST_BYTES} that a request may have. Put data into the source package or a declared input, and only its name into the request.`,
  ]);
});

test('any text and any attributes give a request or issues, never an exception', () => {
  const attributes = fc.dictionary(fc.string(), fc.string());
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), attributes, (data, given) => {
      const parsed = parseRequest(message(data, given));
      assert.ok('request' in parsed || parsed.issues.length > 0);
    }),
  );
});
