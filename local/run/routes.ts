import type { CloudFunction } from '../cloud-functions/resource.ts';
import { shortName } from '../cloud-functions/resource.ts';
import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import type { Call } from '../http/call.ts';
import { type Route, route } from '../http/router.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import { policyRoutes } from '../iam/policy-routes.ts';
import { serviceOf } from '../iam/resources.ts';
import { serviceResource } from './resource.ts';

const SERVICES = '/v2/projects/:project/locations/:location/services';
const SERVICE = `${SERVICES}/:service`;
const OPERATIONS = 'run.projects.locations.services';

export interface RunOptions {
  project: string;
  policies: PolicyBook;
  /** The function of that name. Throws 404. */
  functionOf: (location: string, id: string) => CloudFunction;
  functionsIn: (location: string) => CloudFunction[];
}

/** Cloud Run as far as it serves functions: their services, read only, and who may invoke them (https://cloud.google.com/run/docs/reference/rest). */
export function runRoutes({ project, policies, functionOf, functionsIn }: RunOptions): Route[] {
  const found = (call: Call) => functionOf(call.param('location'), call.param('service'));
  // gcloud asks for policies by v1.
  const policyPaths = [SERVICE, SERVICE.replace('/v2/', '/v1/')];
  return [
    ...policyPaths.flatMap((path) =>
      policyRoutes({
        policies,
        path,
        operations: OPERATIONS,
        readBy: 'GET',
        resource(call) {
          found(call);
          return serviceResource(project, call.param('location'), call.param('service'));
        },
      }),
    ),
    route('GET', SERVICE, `${OPERATIONS}.get`, (call) => ({ body: serviceView(found(call)) })),
    route('GET', SERVICES, `${OPERATIONS}.list`, (call) => ({
      body: { services: functionsIn(call.param('location')).map(serviceView) },
    })),
  ];
}

export function runAccess(project: string): AccessTable {
  const service = (call: Call) => serviceResource(project, call.param('location'), call.param('service'));
  return {
    [`${OPERATIONS}.list`]: needs('run.services.list', () => serviceOf(project, 'run.googleapis.com')),
    [`${OPERATIONS}.get`]: needs('run.services.get', service),
    [`${OPERATIONS}.getIamPolicy`]: needs('run.services.getIamPolicy', service),
    [`${OPERATIONS}.setIamPolicy`]: needs('run.services.setIamPolicy', service),
    [`${OPERATIONS}.testIamPermissions`]: nothing,
  };
}

const INGRESS: Record<string, string> = {
  ALLOW_ALL: 'INGRESS_TRAFFIC_ALL',
  ALLOW_INTERNAL_ONLY: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  ALLOW_INTERNAL_AND_GCLB: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
};

function serviceView(fn: CloudFunction): object {
  const { serviceConfig, labels, createTime, updateTime } = fn;
  return {
    name: serviceConfig.service,
    uri: serviceConfig.uri,
    labels: { ...labels, 'goog-managed-by': 'cloudfunctions' },
    createTime,
    updateTime,
    ingress: INGRESS[serviceConfig.ingressSettings],
    latestReadyRevision: `${serviceConfig.service}/revisions/${serviceConfig.revision}`,
    template: {
      revision: serviceConfig.revision,
      serviceAccount: serviceConfig.serviceAccountEmail,
      timeout: `${serviceConfig.timeoutSeconds}s`,
      maxInstanceRequestConcurrency: serviceConfig.maxInstanceRequestConcurrency,
      scaling: {
        minInstanceCount: serviceConfig.minInstanceCount ?? 0,
        maxInstanceCount: serviceConfig.maxInstanceCount,
      },
      containers: [{ name: shortName(fn), resources: { limits: { memory: serviceConfig.availableMemory } } }],
    },
  };
}
