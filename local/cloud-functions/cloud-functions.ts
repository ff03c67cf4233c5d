import type { AccessTable } from '../http/access-table.ts';
import type { Route } from '../http/router.ts';
import { runAccess, runRoutes } from '../run/routes.ts';
import type { UrlSigner } from '../storage/signed-url.ts';
import { Deployments, type DeploymentsOptions } from './deployments.ts';
import { Revisions, type RevisionsOptions } from './revisions.ts';
import { functionAccess, functionRoutes } from './routes.ts';

export interface CloudFunctionsOptions
  extends Omit<DeploymentsOptions, 'revisions' | 'clock'>,
    Omit<RevisionsOptions, 'directory'> {
  signer: UrlSigner;
  storageUrl: () => Promise<string>;
}

/** Cloud Functions, and Cloud Run as far as it serves them. */
export interface CloudFunctions {
  routes: Route[];
  access: AccessTable;
  /** Serves again what was deployed before this start. */
  resume(): Promise<void>;
  close(): void;
}

export function createCloudFunctions(options: CloudFunctionsOptions): CloudFunctions {
  const { project, policies, stateDir, context } = options;
  const revisions = new Revisions({ ...options, directory: stateDir });
  const deployments = new Deployments({ ...options, revisions, clock: context.clock });
  const parent = (location: string) => `projects/${project}/locations/${location}`;
  const run = {
    project,
    policies,
    functionOf: (location: string, id: string) => deployments.get(`${parent(location)}/functions/${id}`),
    functionsIn: (location: string) => deployments.list(parent(location)).items,
  };
  return {
    routes: [...functionRoutes({ ...options, deployments }), ...runRoutes(run)],
    access: { ...functionAccess(project), ...runAccess(project) },
    resume: () => deployments.resume(),
    close: () => revisions.close(),
  };
}
