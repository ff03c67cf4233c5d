/** The services, in the order of their ports from the port base. */
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

/** The port of a service; with a base of 0 every service takes a free one. */
function portOf(service: ServiceName, portBase: number): number {
  return portBase === 0 ? 0 : portBase + SERVICES.indexOf(service);
}

/** Lets a service listen and returns its port. Throws PortInUseError where the port is taken. */
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

  /** A port base that is probably free. */
  readonly otherBase: number;

  constructor(service: ServiceName, port: number, otherBase: number, options: ErrorOptions) {
    super(
      `Port ${port} on 127.0.0.1 (${service}) is in use by another local cloud or another program.`,
      options,
    );
    this.otherBase = otherBase;
  }
}
