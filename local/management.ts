import type { Server } from 'node:http';
import { createService, type ServiceContext } from './http/service.ts';
import { accountAccess, accountRoutes } from './iam/account-routes.ts';
import type { Directory } from './iam/directory.ts';
import { roleAccess, roleRoutes } from './iam/role-routes.ts';
import { projectAccess, projectRoutes } from './resource-manager/routes.ts';
import { secretAccess, secretRoutes } from './secrets/routes.ts';
import type { Secrets } from './secrets/secrets.ts';
import { serviceUsageAccess, serviceUsageRoutes } from './service-usage/routes.ts';
import type { Services } from './service-usage/services.ts';

export interface ManagementOptions {
  context: ServiceContext;
  project: string;
  directory: Directory;
  services: Services;
  secrets: Secrets;
}

/** The services by which a project is set up, on one port: their paths never collide. */
export function createManagement(options: ManagementOptions): Server {
  const { context, project, directory, services, secrets } = options;
  const { policies, accounts, roles } = directory;
  const routes = [
    ...serviceUsageRoutes(project, services),
    ...accountRoutes(project, accounts, policies),
    ...roleRoutes(project, roles),
    ...secretRoutes(project, secrets, policies),
    ...projectRoutes(project, policies),
  ];
  const access = {
    ...serviceUsageAccess(project),
    ...accountAccess(project),
    ...roleAccess(project),
    ...secretAccess(project),
    ...projectAccess(project),
  };
  return createService('management', routes, context, access);
}
