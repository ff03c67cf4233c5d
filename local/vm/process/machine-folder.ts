import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of one process-mode machine. `disk` outlives a boot as a VM's disk does; `tmp` is emptied, as by systemd. */
export interface MachineFolder {
  root: string;
  disk: string;
  home: string;
  tmp: string;
  /** Before all other programs, and after them. */
  shims: string;
  standIns: string;
  curlHome: string;
  init: string;
  startupScript: string;
  serialLog: string;
  /** `<process group> <start time> <marker>` while the machine is on: what the watchdog and the next `up` go by. */
  bootRecord: string;
}

const GUEST = join(import.meta.dirname, 'guest');

/** Programs of a Debian image that this computer may lack. */
export const STAND_INS = join(GUEST, 'stand-ins');

export function machineFolder(directory: string, instance: string): MachineFolder {
  const root = join(directory, instance);
  return {
    root,
    disk: join(root, 'disk'),
    home: join(root, 'home'),
    tmp: join(root, 'tmp'),
    shims: join(root, 'shims'),
    standIns: join(root, 'stand-ins'),
    curlHome: join(root, 'curl'),
    init: join(root, 'init.sh'),
    startupScript: join(root, 'startup-script'),
    serialLog: join(root, 'serial.log'),
    bootRecord: join(root, 'boot'),
  };
}

/** Makes the folder ready for a boot. `metadataHost` (host:port) is where plain `curl` finds the metadata server. */
export async function prepare(
  folder: MachineFolder,
  startupScript: string,
  metadataHost: string,
  freshDisk: boolean,
): Promise<void> {
  await rm(folder.tmp, { recursive: true, force: true });
  if (freshDisk) await Promise.all([folder.disk, folder.home].map(remove));
  const folders = [folder.disk, folder.home, folder.tmp, folder.shims, folder.standIns, folder.curlHome];
  await Promise.all(folders.map((path) => mkdir(path, { recursive: true })));
  await copyExecutable(join(GUEST, 'init.sh'), folder.init);
  await copyPrograms(join(GUEST, 'shims'), folder.shims);
  await copyPrograms(STAND_INS, folder.standIns);
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

async function copyPrograms(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await copyExecutable(join(from, name), join(to, name));
}

/** A package from the registry has lost the permission to execute. */
async function copyExecutable(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await chmod(to, 0o755);
}

function curlConfig(metadataHost: string): string {
  return ['metadata.google.internal', '169.254.169.254']
    .map((name) => `connect-to = "${name}:80:${metadataHost}"\n`)
    .join('');
}
