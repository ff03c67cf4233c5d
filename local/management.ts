import type { Server } from 'node:http';
import type { AccessTable } from './http/access-table.ts';
import type { Route } from './http/router.ts';
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
  /** Other services on the port. */
  others: { routes: Route[]; access: AccessTable }[];
}

/** The services by which a project is set up, on one port: their paths never collide. */
export function createManagement(options: ManagementOptions): Server {
  const { context, project, directory, services, secrets, others } = options;
  const { policies, accounts, roles } = directory;
  const routes = [
    ...serviceUsageRoutes(project, services),
    ...accountRoutes(project, accounts, policies),
    ...roleRoutes(project, roles),
    ...secretRoutes(project, secrets, policies),
    ...projectRoutes(project, policies),
    ...others.flatMap(({ routes }) => routes),
  ];
  const access = {
    ...serviceUsageAccess(project),
    ...accountAccess(project),
    ...roleAccess(project),
    ...secretAccess(project),
    ...projectAccess(project),
    ...Object.assign({}, ...others.map(({ access }) => access)),
  };
  return createService('management', routes, context, access);
}
