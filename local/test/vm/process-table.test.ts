import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listProcesses, parsePs } from '../../vm/process/process-table.ts';

test('this process is among all processes', async () => {
  const own = (await listProcesses()).find((entry) => entry.pid === process.pid);
  assert.equal(own?.parent, process.ppid);
  assert.notEqual(own?.started, '');
});

test('the lines of ps on macOS are read; zombies are not processes', () => {
  const output = [
    '    1     0     1 Ss   Mon Nov  2 08:00:00 2026     /sbin/launchd',
    '  501     1   501 S+   Tue Nov 24 03:06:07 2026     bash init.sh LOCAL_VM_POWER=http://127.0.0.1:1/boots/x',
    '  502   501   501 Z    Tue Nov 24 03:06:08 2026     (sleep)',
    '',
  ].join('\n');
  assert.deepEqual(parsePs(output), [
    { pid: 1, parent: 0, group: 1, started: 'Mon_Nov_2_08:00:00_2026', environment: '/sbin/launchd' },
    {
      pid: 501,
      parent: 1,
      group: 501,
      started: 'Tue_Nov_24_03:06:07_2026',
      environment: 'bash init.sh LOCAL_VM_POWER=http://127.0.0.1:1/boots/x',
    },
  ]);
});
