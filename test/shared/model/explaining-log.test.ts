import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { explainingLog, logsCommand } from '../../../shared/model/explaining-log.ts';

const runId = '20261124-030643-1a2b';

test('the log that explains a failure is that of its phase', () => {
  for (const [phase, log, command] of [
    ['make', 'build.log', `vicinity logs ${runId}`],
    ['python', 'startup_detail.log', `vicinity logs --detail ${runId}`],
    ['upload', 'serial.log', `vicinity logs --serial ${runId}`],
    [undefined, 'build.log', `vicinity logs ${runId}`],
  ] as const) {
    const status = { runId, ...(phase && { phase }) };
    assert.deepEqual([explainingLog(status), logsCommand(status)], [log, command]);
  }
});

test('every phase of the startup script but make and save has a log of its own', () => {
  const lib = new URL('../../../startup-script/lib/', import.meta.url);
  const text = readdirSync(lib)
    .map((file) => readFileSync(new URL(file, lib), 'utf8'))
    .join('\n');
  const phases = new Set(
    [...text.matchAll(/\b(?:begin_phase|start_step) ([a-z]+)/g)].map(([, name]) => name),
  );
  assert.ok(phases.size > 10);
  const inBuildLog = [...phases].filter((phase = '') => explainingLog({ phase }) === 'build.log');
  assert.deepEqual(inBuildLog.sort(), ['make', 'save']);
});
