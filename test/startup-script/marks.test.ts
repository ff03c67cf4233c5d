import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findInLog } from '../../shared/report/log-findings.ts';
import { PYTHON, run, TOOLS } from './fixture/tool.ts';

test('a recipe that make echoes does not count as a warning, but its output does', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-marks-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const log = join(directory, 'build.log');
  const shown = [
    './step.py || { echo "[error] step.py failed"; exit 1; }',
    'printf "[warn] %s\\n" odd',
    '[warn] odd',
    'if ! ./step.py; then echo [error] step.py; fi',
    'the echo of worker 3: [error] no graph',
    'worker-echo: [warn] two',
  ];
  writeFileSync(log, shown.join('\n'));
  const code = `import sys; sys.path.insert(0, ${JSON.stringify(TOOLS)})
from outcome import count_marks
print(count_marks(sys.argv[1]))`;
  const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', code, log]);
  assert.deepEqual([stdout, stderr], ['(2, 1)\n', '']);
  const { warnings, errors } = await findInLog(createReadStream(log));
  assert.deepEqual([warnings, errors], [2, 1], 'The report lists what the VM has counted.');
});

test('marks are counted by lines, in memory that one endless line does not fill', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-marks-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const log = join(directory, 'build.log');
  writeFileSync(log, '[warn] one [WARN]\r[error] two\n[Warn] three');
  const endless = join(directory, 'endless.log');
  writeFileSync(endless, Buffer.concat([Buffer.from('[error] '), Buffer.alloc(100 << 20, 'x')]));
  const code = `import sys, tracemalloc; sys.path.insert(0, ${JSON.stringify(TOOLS)})
from outcome import count_marks
tracemalloc.start()
print(count_marks(sys.argv[1]), count_marks(sys.argv[2]))
_, peak = tracemalloc.get_traced_memory()
print(peak < 64 << 20 or peak)`;
  const { stdout, stderr } = await run(PYTHON, ['-BS', '-c', code, log, endless]);
  assert.deepEqual([stdout, stderr], ['(2, 1) (0, 1)\nTrue\n', '']);
});
