import type { Server } from 'node:http';
import { type Directory, openDirectory } from './iam/directory.ts';
import { PolicyGuard } from './iam/guard.ts';
import { createManagement, type ManagementOptions } from './management.ts';
import { Secrets } from './secrets/secrets.ts';
import type { ServiceRegistry } from './service-registry.ts';
import { Services } from './service-usage/services.ts';

export interface ProjectOptions {
  project: string;
  /** Enforce permissions. */
  iam: boolean;
  /** The account that a local function runs as. */
  accountOfFunction: (name: string) => string | undefined;
}

/** The project that everything is in: who may do what in it, which APIs it may use, and its secrets. */
export interface Project {
  directory: Directory;
  services: Services;
  secrets: Secrets;
  /** Present where permissions are enforced. */
  guard: PolicyGuard | undefined;
  /** Serves all this, and the services that share the port. */
  server(...others: ManagementOptions['others']): Server;
}

export function openProject(registry: ServiceRegistry, options: ProjectOptions): Project {
  const { project, iam, accountOfFunction } = options;
  const { clock, faults, context } = registry;
  const directory = openDirectory({ stateDir: registry.path('iam'), project, enforced: iam, clock, faults });
  const { policies, usage, permissionsOf } = directory;
  const services = new Services({ stateDir: registry.path('services'), clock });
  const secrets = new Secrets({ stateDir: registry.path('secrets'), project, clock, policies });
  const isEnabled = (service: string) => services.isEnabled(service);
  const guard = iam
    ? new PolicyGuard({ project, policies, usage, permissionsOf, isEnabled, accountOfFunction })
    : undefined;
  if (guard) context.guard = guard;
  const server = (...others: ManagementOptions['others']) =>
    createManagement({ context, project, directory, services, secrets, others });
  return { directory, services, secrets, guard, server };
}
