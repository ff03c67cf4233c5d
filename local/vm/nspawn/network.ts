import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { run } from './host.ts';

/** Where Compute Engine's guests find the metadata server. */
export const METADATA_ADDRESS = '169.254.169.254:80';
/** The cloud's end of the machine's one network link. */
export const CLOUD_HOST = '10.128.0.1';
const GUEST_HOST = '10.128.0.2';
const LISTEN_DEADLINE_MS = 10_000;

const LISTENER = join(import.meta.dirname, 'nspawn-files/listen.cjs');

/** Takes the connections to an address of the cloud. */
export type Acceptor = (socket: Socket) => void;

/**
 * The network of one machine: a namespace for it and one for the cloud, joined by a link, and nothing beyond. The
 * namespaces have names that begin with `name`.
 */
export class GuestNetwork {
  readonly #name: string;
  #servers: Server[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** The machine's namespace, as a file. */
  get path(): string {
    return namespaceFile(`${this.#name}-vm`);
  }

  /**
   * Makes the network, and listens in the cloud's namespace on each address (host:port). Where it fails, nothing is left of
   * it but what the next `open` removes.
   */
  async open(acceptors: Map<string, Acceptor>): Promise<void> {
    await removeNetwork(this.#name);
    const [vm, cloud] = [`${this.#name}-vm`, `${this.#name}-cloud`];
    await run('ip', ['netns', 'add', vm]);
    await run('ip', ['netns', 'add', cloud]);
    await configure(cloud, [
      `link add cloud0 type veth peer name eth0 netns ${vm}`,
      `address add ${CLOUD_HOST}/24 dev cloud0`,
      `address add ${METADATA_ADDRESS.replace(/:.*/, '/32')} dev cloud0`,
      'link set cloud0 up',
    ]);
    await configure(vm, [
      'link set lo up',
      `address add ${GUEST_HOST}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${CLOUD_HOST}`,
    ]);
    this.#servers = await listenIn(cloud, acceptors);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) server.close();
    await removeNetwork(this.#name);
  }
}

/** Removes the namespaces of a network, also of one that was left behind. */
export async function removeNetwork(name: string): Promise<void> {
  for (const namespace of [`${name}-vm`, `${name}-cloud`])
    if (existsSync(namespaceFile(namespace))) await run('ip', ['netns', 'delete', namespace]);
}

function namespaceFile(namespace: string): string {
  return `/run/netns/${namespace}`;
}

function configure(namespace: string, commands: string[]): Promise<string> {
  return run('ip', ['-netns', namespace, '-batch', '-'], commands.map((line) => `${line}\n`).join(''));
}

/** A process that is in the namespace opens the sockets and hands them over. */
function listenIn(namespace: string, acceptors: Map<string, Acceptor>): Promise<Server[]> {
  const child = fork(LISTENER, [...acceptors.keys()], {
    execPath: 'nsenter',
    execArgv: [`--net=${namespaceFile(namespace)}`, process.execPath],
    env: {},
    timeout: LISTEN_DEADLINE_MS,
  });
  const servers: Server[] = [];
  child.on('message', ({ address }: { address: string }, handle) => {
    const server = handle as Server;
    server.on('connection', acceptors.get(address) ?? ((socket: Socket) => socket.destroy()));
    servers.push(server);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      if (servers.length === acceptors.size) return resolve(servers);
      for (const server of servers) server.close();
      reject(new Error(`Nothing can listen in the network namespace ${namespace}.`));
    });
  });
}
