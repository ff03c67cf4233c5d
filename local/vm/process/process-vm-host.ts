import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { listen } from '../../http/service.ts';
import { createMetadataServer } from '../../metadata/metadata-server.ts';
import type { MetadataSource } from '../../metadata/source.ts';
import type { Vm, VmHost, VmHostParts } from '../vm-host.ts';
import { type GuestAddresses, guestEnvironment } from './environment.ts';
import { startLeader } from './leader.ts';
import { endLeftovers, startWatchdog } from './leftovers.ts';
import { type MachineFolder, machineFolder, prepare, remove, serialLength } from './machine-folder.ts';
import { createPowerControl } from './power-control.ts';
import { ProcessVm } from './process-vm.ts';
import { checkPrograms, standInsFor } from './programs.ts';

/**
 * Machines in process mode: a process group that runs the `startup-script` metadata value with bash, in a folder of its
 * own, with the programs of this computer. What an earlier local cloud left running is ended first; what this one leaves,
 * should it be killed, its watchdog ends.
 */
export async function createProcessVmHost(options: VmHostParts): Promise<VmHost> {
  await checkPrograms(options.path);
  await mkdir(options.directory, { recursive: true });
  await endLeftovers(options.directory);
  const stopWatchdog = startWatchdog(options.directory, options.path);
  const boots = new Map<string, ProcessVm>();
  const powerControl = createPowerControl(boots, options.context);
  const port = await listen(powerControl, 0);
  const folderOf = (instance: string) => machineFolder(options.directory, instance);

  async function boot(instance: string, metadata: MetadataSource): Promise<Vm> {
    const bootId = randomUUID();
    const metadataServer = createMetadataServer(metadata, options.context);
    const addresses = {
      metadataHost: `127.0.0.1:${await listen(metadataServer, 0)}`,
      power: `http://127.0.0.1:${port}/boots/${bootId}`,
    };
    const vm = await startVm(folderOf(instance), metadata, addresses, options, async () => {
      boots.delete(bootId);
      stopServer(metadataServer);
      await remove(folderOf(instance).bootRecord);
    });
    boots.set(bootId, vm);
    vm.powerOn();
    return vm;
  }

  async function close(): Promise<void> {
    await Promise.all([...boots.values()].map((vm) => vm.kill()));
    stopServer(powerControl);
    await stopWatchdog();
  }

  return {
    boot,
    serialLog: (instance) => folderOf(instance).serialLog,
    discard: (instance) => remove(folderOf(instance).root),
    close,
  };
}

/** A machine about to run its startup script. */
async function startVm(
  folder: MachineFolder,
  metadata: MetadataSource,
  addresses: GuestAddresses,
  options: VmHostParts,
  whenOff: () => Promise<void>,
): Promise<ProcessVm> {
  const { attributes = {} } = metadata.facts().instance ?? {};
  const script = attributes['startup-script'] ?? '';
  await prepare(folder, script, addresses.metadataHost, options.freshDisk ?? false);
  const consoleStart = await serialLength(folder);
  const log = (line: string) => appendFileSync(folder.serialLog, `[local] ${line}\n`);
  log('process mode: the startup script runs on this computer with its own programs; no machine is emulated');
  for (const name of standInsFor(options.path))
    log(`this computer has no ${name}: a stand-in takes its place, which knows only the usual`);
  if (attributes['startup-script-url']) log('startup-script-url is not implemented; use startup-script');
  const env = guestEnvironment(
    folder,
    addresses,
    consoleStart,
    options.path,
    options.endpoints(),
    options.diskVariable ?? 'LOCAL_VM_DISK',
  );
  const leader = await startLeader(folder, env, addresses.power);
  return new ProcessVm({ leader, clock: options.context.clock, log, whenOff });
}

function stopServer(server: Server): void {
  server.close();
  server.closeAllConnections();
}
