import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of one process-mode machine. `disk` outlives a boot as a VM's disk does; `tmp` is emptied, as by systemd. */
export interface MachineFolder {
  root: string;
  disk: string;
  home: string;
  tmp: string;
  shims: string;
  curlHome: string;
  init: string;
  startupScript: string;
  serialLog: string;
  /** `<process group> <start time> <marker>` while the machine is on: what the watchdog and the next `up` go by. */
  bootRecord: string;
}

const GUEST = join(import.meta.dirname, 'guest');

export function machineFolder(directory: string, instance: string): MachineFolder {
  const root = join(directory, instance);
  return {
    root,
    disk: join(root, 'disk'),
    home: join(root, 'home'),
    tmp: join(root, 'tmp'),
    shims: join(root, 'shims'),
    curlHome: join(root, 'curl'),
    init: join(root, 'init.sh'),
    startupScript: join(root, 'startup-script'),
    serialLog: join(root, 'serial.log'),
    bootRecord: join(root, 'boot'),
  };
}

export interface Preparation {
  startupScript: string;
  /** host:port where plain `curl` finds the metadata server. */
  metadataHost: string;
  freshDisk: boolean;
  /** Programs that this computer has not, and a stand-in is there for. */
  standIns: string[];
}

/** Makes the folder ready for a boot. */
export async function prepare(
  folder: MachineFolder,
  { startupScript, metadataHost, freshDisk, standIns }: Preparation,
): Promise<void> {
  await rm(folder.tmp, { recursive: true, force: true });
  if (freshDisk) await Promise.all([folder.disk, folder.home].map(remove));
  const folders = [folder.disk, folder.home, folder.tmp, folder.shims, folder.curlHome];
  await Promise.all(folders.map((path) => mkdir(path, { recursive: true })));
  await copyExecutable(join(GUEST, 'init.sh'), folder.init);
  for (const name of await readdir(join(GUEST, 'shims')))
    await copyExecutable(join(GUEST, 'shims', name), join(folder.shims, name));
  for (const name of standIns) await copyExecutable(join(GUEST, 'stand-ins', name), join(folder.shims, name));
  await writeFile(folder.startupScript, startupScript);
  await writeFile(join(folder.curlHome, '.curlrc'), curlConfig(metadataHost));
}

/** Bytes on the serial port so far. */
export async function serialLength(folder: MachineFolder): Promise<number> {
  const found = await stat(folder.serialLog).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found?.size ?? 0;
}

export function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

async function copyExecutable(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await chmod(to, 0o755);
}

function curlConfig(metadataHost: string): string {
  return ['metadata.google.internal', '169.254.169.254']
    .map((name) => `connect-to = "${name}:80:${metadataHost}"\n`)
    .join('');
}
