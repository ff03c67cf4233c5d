import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { redact } from '../../shared/redact.ts';
import { SECRETS } from '../shared/secrets.ts';
import { startMachine } from './fixture/machine.ts';
import { PYTHON, run, TOOLS } from './fixture/tool.ts';

const KEY = ['BEGIN', 'END'].map((word) => `-----${word} RSA PRIVATE KEY-----`);
/** What texts are put together from; lines of logs are printable ASCII by then. */
const FRAGMENTS = [
  ...Object.values(SECRETS),
  ...KEY,
  ...[
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw',
    'Proc-Type: 4,ENCRYPTED',
    'DB_PASSWORD=',
    'api-key: ',
    'Token=',
  ],
  ...['"', "'", ' ', '\n', '\t', '=', '-', 'make: *** [all] Error 2', 'eyJ', 'rows', '\\n', 'secret'],
];

test('the VM takes the same secrets out of a text as the functions do', async () => {
  const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => parts.join(''));
  const texts = [...Object.values(SECRETS), ...fc.sample(text, { numRuns: 3000, seed: 1 })];
  const code = `import json, sys; sys.path.insert(0, ${JSON.stringify(TOOLS)})
from redact import redact; print(json.dumps([redact(text) for text in json.load(open(sys.argv[1]))]))`;
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-redact-'));
  try {
    writeFileSync(join(directory, 'texts'), JSON.stringify(texts));
    const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', code, join(directory, 'texts')]);
    assert.equal(stderr, '');
    assert.deepEqual(JSON.parse(stdout), texts.map(redact));
    assert.ok(texts.filter((each) => redact(each) !== each).length > 1500);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a secret in the log is not quoted: neither in the outcome, nor on the console, nor in startup_error.txt', async (t) => {
  const machine = await startMachine(t);
  const webhook = SECRETS["a webhook's URL"];
  await machine.submit({
    Makefile: `all:\n\t@echo "posting to ${webhook}"; echo "make: *** PASSWORD=hunter2 refused"; exit 3\n`,
  });
  const { console } = await machine.boot();
  const { reason = '' } = await machine.outcome();
  assert.equal(reason, 'make all failed with exit code 2: make: *** [Makefile:2: all] Error 3');
  const error = (await machine.result('startup_error.txt')) ?? '';
  assert.match(error, /posting to \[redacted\]\nmake: \*\*\* PASSWORD=\[redacted\] refused\n/);
  const quoted = [reason, error, ...console.split('\n').filter((line) => line.startsWith('[vicinity]'))];
  assert.ok(quoted.every((text) => !text.includes(webhook) && !text.includes('hunter2')));
});

test('the line that a reason quotes has no secret, not even a part of one that is cut', async (t) => {
  const machine = await startMachine(t);
  const long = `${'x'.repeat(280)} ${SECRETS['a GitHub token']}`;
  await machine.submit({ Makefile: 'all:\n' });
  machine.shim('make', `echo '*** ${long}'; exit 2`);
  await machine.boot();
  const { reason = '' } = await machine.outcome();
  assert.match(reason, /: \*\*\* x{280} \[redacted\]$/);
});
