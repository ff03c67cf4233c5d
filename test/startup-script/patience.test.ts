import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PYTHON, run, runFunctions, TOOLS } from './fixture/tool.ts';

/** When a request is tried again in an outage of `seconds`, in seconds since its first try, which fails at once. */
async function triesIn(seconds: number, share: number): Promise<number[]> {
  const code = `
import sys
sys.path.insert(0, ${JSON.stringify(TOOLS)})
from patience import pauses
now, tries = 0, []
for pause in pauses(lambda: now, lambda: ${seconds}, lambda: ${share}):
    now += pause
    tries.append(now)
print(tries)`;
  const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', code]);
  assert.equal(stderr, '');
  return JSON.parse(stdout) as number[];
}

test('a request is retried after pauses that double up to 32 s, and a last time at the end', async () => {
  assert.deepEqual(
    await triesIn(300, 1),
    [0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5, 95.5, 127.5, 159.5, 191.5, 223.5, 255.5, 287.5, 300],
  );
});

test('jitter at most doubles the number of tries', async () => {
  const tries = await triesIn(600, 0.5);
  assert.equal(tries.length, 43);
  assert.equal(tries.at(-1), 600);
});

test('without patience there is no retry', async () => {
  assert.deepEqual(await triesIn(0, 1), []);
});

test('results and the outcome are worth ten minutes each; an end where all fails is over before the VM goes off', async () => {
  const code = `echo "$RETRY_SECONDS $RESULTS_SECONDS $OUTCOME_SECONDS $BRIEF_SECONDS $MARGIN_SECONDS"`;
  const { stdout } = await runFunctions(code, { VICINITY_WORK_DIR: '/disk' });
  const [retry = 0, results = 0, outcome = 0, brief = 0, margin = 0] = stdout.trim().split(' ').map(Number);
  assert.deepEqual([retry, results, outcome, brief], [300, 600, 600, 60]);
  // The state, the results, three uploads of logs, the outcome, and the message.
  assert.ok(brief + results + 3 * brief + outcome + retry < margin);
});

test('after one upload that has waited in vain, the next ones do not wait as long', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-patience-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const code = `tool() { echo 'x was not uploaded' >&2; return 1; }
RUN_DIR='${directory}' BUCKET=b RUN_ID=r PHASE=upload
endure 600
upload "$RUN_DIR" ledger x >/dev/null || echo "$VICINITY_RETRY_SECONDS"`;
  const { stdout } = await runFunctions(code, { VICINITY_WORK_DIR: directory });
  assert.equal(stdout, '60\n');
});

test('a chunk of which the storage takes nothing is not sent for ever', async () => {
  const code = `
import sys
sys.path.insert(0, ${JSON.stringify(TOOLS)})
import transfer
from wire import Answer, CloudError
sent = []
def request(*_, body, **__):
    sent.append(sum(map(len, body())))
    assert len(sent) < 100, "it is sent for ever"
    return Answer(308, {}, b"")
transfer.request = request
try:
    source = transfer.Source("clock.py", lambda: open("${TOOLS}clock.py", "rb"))
    transfer.send_chunks("http://storage/o?key", source, 10)
except CloudError as error:
    print(error, set(sent))`;
  const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', code], { VICINITY_RETRY_SECONDS: '0.3' });
  assert.deepEqual([stdout, stderr], ['PUT http://storage/o stored nothing of a chunk {10}\n', '']);
});
