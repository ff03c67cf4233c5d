import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PYTHON, run, TOOLS } from './fixture/tool.ts';
import { until } from './fixture/until.ts';

const CASES: [string, Buffer, string[]][] = [
  ['lines as they are', Buffer.from('one\n\ttwo\n'), ['one', '\ttwo']],
  ['a last line without a line end', Buffer.from('one\ntwo'), ['one', 'two']],
  ['a progress bar, a line for each step', Buffer.from('10%\r20%\r100%\n'), ['10%', '20%', '100%']],
  ['line ends of Windows', Buffer.from('one\r\ntwo\r\n'), ['one', 'two']],
  ['another encoding, visibly', Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]), ['caf\\xe9']],
  ['letters of more bytes', Buffer.from('Žižkov 東京\n'), ['Žižkov 東京']],
  [
    'control characters, visibly, and no colours',
    Buffer.from('\x1b[1;31mred\x1b[0m \x07\x00\n'),
    ['red \\x07\\x00'],
  ],
];

for (const [what, bytes, lines] of CASES) {
  test(`the console shows ${what}`, async (t) => {
    assert.deepEqual(await shown(t, bytes), lines);
  });
}

test('a line of 1 MB is folded, and nothing of it is lost', async (t) => {
  const long = 'é'.repeat(500_000);
  const lines = await shown(t, Buffer.from(`before\n${long}\nafter\n`));
  assert.equal(lines.join(''), `before${long}after`);
  assert.ok(lines.every((line) => Buffer.byteLength(line) <= 1000));
});

test('plain output is passed on as it would be line by line, however it is cut', async () => {
  const code = `
import random, sys
sys.path.insert(0, ${JSON.stringify(TOOLS)})
from console import Lines

class LineByLine(Lines):
    def _plain(self, data):
        return None

random.seed(1)
pieces = [b"a", b"word ", b"\\n", b"\\n\\n", b"\\r", b"\\r\\n", b"\\t", "é".encode(), b"\\xff", b"x" * 999, b"y" * 1500, b"\\x1b[1m"]
plain = 0
for _ in range(3000):
    few = random.sample(pieces, random.randint(1, 6))
    chunks = [b"".join(random.choices(few, k=random.randint(0, 8))) for _ in range(5)]
    one, other = Lines(), LineByLine()
    shown = [one.feed(chunk) for chunk in chunks] + [one.feed(b"", True)]
    wanted = [other.feed(chunk) for chunk in chunks] + [other.feed(b"", True)]
    assert b"".join(shown) == b"".join(wanted), chunks
    plain += any(Lines()._plain(chunk) is not None for chunk in chunks)
print(plain > 300)
`;
  assert.deepEqual(await run(PYTHON, ['-BS', '-c', code]), { status: 0, stdout: 'True\n', stderr: '' });
});

test('a console that is far behind skips, and says how much', async (t) => {
  const lines = await shown(t, Buffer.from(`${'x'.repeat(99)}\n`.repeat(100_000)));
  assert.equal(lines[0], '[vicinity] 9737856 bytes of output are only in build.log');
  assert.ok(lines.length > 2500 && lines.length < 2700);
});

test('lines are shown as they come, and the copy goes on without the console', async (t) => {
  const { log, copy, child, text } = start(t, Buffer.from('first\n'));
  await until(() => text() === 'first\n');
  child.stdout.destroy();
  appendFileSync(log, 'second\n');
  await until(() => readFileSync(copy, 'utf8') === 'first\nsecond\n');
  child.kill();
  await new Promise((resolve) => child.once('exit', resolve));
  assert.equal(child.exitCode, 0);
});

async function shown(t: TestContext, bytes: Buffer): Promise<string[]> {
  const { copy, child, text } = start(t, bytes);
  await until(() => text() !== '' || child.exitCode !== null);
  child.kill();
  await new Promise((resolve) => child.once('close', resolve));
  assert.equal(readFileSync(copy, 'utf8'), text());
  return text().replace(/\n$/, '').split('\n');
}

function start(t: TestContext, bytes: Buffer) {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-console-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const [log, copy] = [join(directory, 'build.log'), join(directory, 'serial.log')];
  writeFileSync(log, bytes);
  const child = spawn(PYTHON, ['-BS', `${TOOLS}console.py`, log, copy], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => void child.kill('SIGKILL'));
  const printed: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => printed.push(data));
  return { log, copy, child, text: () => Buffer.concat(printed).toString() };
}
