/** Boots a machine below the directory of its argument, and does nothing more: a local cloud to be killed. */
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { createProcessVmHost } from '../../vm/process/process-vm-host.ts';
import { guestMetadata } from './guest-metadata.ts';

const [directory = ''] = process.argv.slice(2);
const host = await createProcessVmHost({
  directory,
  context: { clock: new CloudClock(), faults: new Faults(), onCall() {} },
  path: process.env.PATH ?? '',
  endpoints: () => ({}),
});
const script = 'setsid sleep 1000 & sleep 1000 & sleep 0.1; echo ready; sleep 1000';
await host.boot(
  'machine',
  guestMetadata(() => ({ 'startup-script': script })),
  { memoryBytes: 0, diskBytes: 0 },
);
