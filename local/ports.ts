/** The services of the local cloud, in the order of their ports from the port base. */
export const SERVICES = [
  'storage',
  'pubsub',
  'compute',
  'scheduler',
  'metadata',
  'slack',
  'functions',
  'admin',
  'management',
] as const;
export type ServiceName = (typeof SERVICES)[number];
export type Ports = Record<ServiceName, number>;

export const DEFAULT_PORT_BASE = 8790;
/** The services', and after them the dashboard's. */
export const PORT_COUNT = SERVICES.length + 1;
export const HIGHEST_PORT_BASE = 65_536 - PORT_COUNT;

/** The port that a service is to listen on; with a base of 0 every service takes a free one. */
function portOf(service: ServiceName, portBase: number): number {
  return portBase === 0 ? 0 : portBase + SERVICES.indexOf(service);
}

/** Lets a service listen. Fails with the remedy where its port is taken. */
export async function bind(
  service: ServiceName,
  portBase: number,
  listen: (port: number) => Promise<number>,
): Promise<number> {
  const port = portOf(service, portBase);
  try {
    return await listen(port);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new PortInUseError(service, port, portBase + 1000, { cause });
  }
}

export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(service: ServiceName, port: number, otherBase: number, options: ErrorOptions) {
    super(
      `Port ${port} of 127.0.0.1, for ${service}, is taken: another local cloud or another program listens there. ` +
        `Stop it (vicinity local down, where it was started), or choose other ports: vicinity local up --port-base ${otherBase}`,
      options,
    );
  }
}
