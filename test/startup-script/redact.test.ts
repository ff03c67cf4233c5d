import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { redact } from '../../shared/redact.ts';
import { FRAGMENTS } from '../shared/redaction/fragments.ts';
import { SECRETS } from '../shared/secrets.ts';
import { startMachine } from './fixture/machine.ts';
import { PYTHON, run, TOOLS } from './fixture/tool.ts';

/** Calls Python with the texts, and reads its answer. */
async function askPython(code: string, texts: string[]): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-redact-'));
  const program = `import json, sys; sys.path.insert(0, ${JSON.stringify(TOOLS)})
import redact
texts = json.load(open(sys.argv[1]))
${code}`;
  try {
    writeFileSync(join(directory, 'texts'), JSON.stringify(texts));
    const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', program, join(directory, 'texts')]);
    assert.equal(stderr, '');
    return JSON.parse(stdout);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('the VM redacts the same as the functions', async () => {
  const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => parts.join(''));
  const texts = [...Object.values(SECRETS), ...fc.sample(text, { numRuns: 5000, seed: 1 })];
  const redacted = await askPython('print(json.dumps([redact.redact(text) for text in texts]))', texts);
  assert.deepEqual(redacted, texts.map(redact));
  assert.ok(texts.filter((each) => redact(each) !== each).length > 1500);
});

test('the VM redacts any text in linear time', async () => {
  const parts = fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 3 });
  const long = fc
    .tuple(parts, parts)
    .map(([repeated, last]) => repeated.join('').repeat(2000).slice(0, 16_384) + last.join(''));
  const texts = [
    ...FRAGMENTS.map((each) => each.repeat(2000).slice(0, 16_384)),
    ...fc.sample(long, { numRuns: 100, seed: 1 }),
  ];
  // Counts the characters that are passed over, not seconds.
  const count = `
steps = 0
def counting(find, passed):
    def call(*args):
        global steps
        found = find(*args)
        steps += 1 + passed(found, args)
        return found
    return call
redact.run_end = counting(redact.run_end, lambda end, args: end - args[2])
redact.run_start = counting(redact.run_start, lambda start, args: args[2] - start)
redact.line_start = counting(redact.line_start, lambda start, args: args[1] - start)
worst = 0
for text in texts:
    steps = 0
    redact.redact(text)
    worst = max(worst, steps / len(text))
print(worst)`;
  assert.ok(Number(await askPython(count, texts)) < 30);
});

test('a secret in the log is not quoted: neither in the outcome, nor on the console, nor in startup_error.txt', async (t) => {
  const machine = await startMachine(t);
  const webhook = SECRETS["a webhook's URL"];
  await machine.submit({
    Makefile: `all:\n\t@echo "posting to ${webhook}"; echo "make: *** PASSWORD=hunter2 refused"; exit 3\n`,
  });
  const { console } = await machine.boot();
  const { reason = '' } = await machine.outcome();
  assert.equal(
    reason,
    'make all failed with exit code 2: make: *** [Makefile:2: all] Error 3. The line before: posting to [redacted]',
  );
  const error = (await machine.result('startup_error.txt')) ?? '';
  assert.match(error, /posting to \[redacted\]\nmake: \*\*\* PASSWORD=\[redacted\] refused\n/);
  const quoted = [reason, error, ...console.split('\n').filter((line) => line.startsWith('[vicinity]'))];
  assert.ok(quoted.every((text) => !text.includes(webhook) && !text.includes('hunter2')));
});

test('the line that a reason quotes has no secret, not even a part of one that is cut', async (t) => {
  const machine = await startMachine(t);
  const long = `${'x'.repeat(270)} ${SECRETS['a GitHub token']}`;
  await machine.submit({ Makefile: 'all:\n' });
  machine.shim('make', `echo 'make: *** ${long}'; exit 2`);
  await machine.boot();
  const { reason = '' } = await machine.outcome();
  assert.match(reason, /: make: \*\*\* x{270} \[redacted\]$/);
});
