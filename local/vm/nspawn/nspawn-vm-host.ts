import { appendFileSync, existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Server as HttpServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createMetadataServer } from '../../metadata/metadata-server.ts';
import type { MetadataSource } from '../../metadata/source.ts';
import type { Hardware, Vm, VmHost, VmHostParts } from '../vm-host.ts';
import { removeGroups } from './cgroups.ts';
import { CERTIFICATES, environmentFile, guestEnvironment, portsIn } from './environment.ts';
import { sweepNspawnLeftovers } from './leftovers.ts';
import { type MachineFolder, machineFolder, remove } from './machine-folder.ts';
import { MachineProcess } from './machine-process.ts';
import { type Acceptor, CLOUD_HOST, GuestNetwork, METADATA_ADDRESS } from './network.ts';
import { NspawnVm } from './nspawn-vm.ts';

const PROXY_PORT = 3128;
const ENVIRONMENT = '/etc/local-cloud/environment';
/** Where Debian, and what is made of it, keeps the certificates that it trusts. */
const HOST_CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

export interface NspawnOptions {
  /** Root of the machines' image, as `readyImage` makes it. */
  image: string;
  /** Lets machines fetch packages. */
  packageProxy: HttpServer;
  /** Files of this computer that machines may read and write: PATH, or PATH:PATH-IN-THE-MACHINE. */
  shared?: string[];
}

/**
 * Machines in nspawn mode: a Debian that systemd-nspawn boots in namespaces of its own, where Google's script runner fetches
 * the startup script from the machine's metadata server. What an earlier local cloud left is removed first.
 */
export async function createNspawnVmHost(parts: VmHostParts, options: NspawnOptions): Promise<VmHost> {
  const { directory } = parts;
  await mkdir(directory, { recursive: true });
  await sweepNspawnLeftovers(directory);
  const on = new Set<NspawnVm>();

  async function boot(instance: string, metadata: MetadataSource, hardware: Hardware): Promise<Vm> {
    const folder = machineFolder(directory, instance);
    await mkdir(folder.root, { recursive: true });
    if (parts.freshDisk) await remove(folder.disk);
    const network = new GuestNetwork(folder.name);
    const closeNetwork = await openNetwork(network, metadata, parts, options);
    const guest = guestEnvironment(parts.endpoints(), `http://${CLOUD_HOST}:${PROXY_PORT}`);
    await writeFile(folder.environment, environmentFile(guest));
    const start = () =>
      new MachineProcess({
        folder,
        image: options.image,
        hardware,
        options: nspawnOptions(folder, metadata, network, options),
      });
    const log = (line: string) => appendFileSync(folder.serialLog, `[local] ${line}\n`);
    log('nspawn mode: a Debian of its own is booted on this computer by systemd-nspawn');
    const vm = new NspawnVm({
      start,
      clock: parts.context.clock,
      log,
      async whenOff() {
        on.delete(vm);
        await closeNetwork();
        await removeGroups(folder.name);
      },
    });
    on.add(vm);
    return vm;
  }

  async function close(): Promise<void> {
    await Promise.all([...on].map((vm) => vm.kill()));
  }

  return {
    boot,
    serialLog: (instance) => machineFolder(directory, instance).serialLog,
    discard: (instance) => remove(machineFolder(directory, instance).root),
    close,
  };
}

/** Lets the machine reach its metadata server, the services and the package proxy. Returns what ends that. */
async function openNetwork(
  network: GuestNetwork,
  metadata: MetadataSource,
  { context, endpoints }: VmHostParts,
  { packageProxy }: NspawnOptions,
): Promise<() => Promise<void>> {
  const metadataServer = createMetadataServer(metadata, context);
  const acceptors = new Map<string, Acceptor>([
    [METADATA_ADDRESS, servedBy(metadataServer)],
    [`${CLOUD_HOST}:${PROXY_PORT}`, servedBy(packageProxy)],
    ...portsIn(endpoints()).map((port): [string, Acceptor] => [`${CLOUD_HOST}:${port}`, relayTo(port)]),
  ]);
  await network.open(acceptors);
  return async () => {
    metadataServer.closeAllConnections();
    await network.close();
  };
}

function servedBy(server: HttpServer): Acceptor {
  return (socket) => server.emit('connection', socket);
}

function relayTo(port: number): Acceptor {
  return (socket) => {
    const service = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [socket, service],
      [service, socket],
    ] as [Socket, Socket][]) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  };
}

function nspawnOptions(
  folder: MachineFolder,
  metadata: MetadataSource,
  network: GuestNetwork,
  { shared = [] }: NspawnOptions,
): string[] {
  const name = metadata.facts().instance?.name ?? 'vm';
  return [
    '--quiet',
    '--boot',
    `--machine=${name}`,
    // Without systemd's help, which the host may not have.
    '--register=no',
    '--keep-unit',
    `--network-namespace-path=${network.path}`,
    // For the guest's own packet filter.
    '--capability=CAP_NET_ADMIN',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    '--console=read-only',
    `--bind-ro=${folder.environment}:${ENVIRONMENT}`,
    ...(existsSync(HOST_CERTIFICATES) ? [`--bind-ro=${HOST_CERTIFICATES}:${CERTIFICATES}`] : []),
    ...shared.map((path) => `--bind=${path}`),
  ];
}
