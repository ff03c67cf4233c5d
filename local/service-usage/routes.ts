import { checkProject } from '../core/project.ts';
import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import { notImplemented } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';
import { pageBody, pageQuery } from '../http/query.ts';
import { type Route, route } from '../http/router.ts';
import { serviceOf } from '../iam/resources.ts';
import type { Service, Services } from './services.ts';

const SERVICES = '/v1/projects/:project/services';
const SERVICE = `${SERVICES}/:service`;

/** Service Usage, v1 (https://cloud.google.com/service-usage/docs/reference/rest/v1/services). */
export function serviceUsageRoutes(project: string, services: Services): Route[] {
  const on = (method: string, path: string, verb: string, handler: (call: Call) => Promise<Reply> | Reply) =>
    route(method, path, `serviceusage.services.${verb}`, (call) => {
      checkProject(call.param('project'), project);
      return handler(call);
    });
  return [
    on('POST', `${SERVICES}\\:batchEnable`, 'batchEnable', async (call) => {
      const { serviceIds = [] } = await call.json<{ serviceIds?: string[] }>();
      return { body: services.enable(serviceIds, 'BatchEnableServicesResponse') };
    }),
    on('GET', `${SERVICES}\\:batchGet`, 'batchGet', (call) => {
      const names = call.url.searchParams.getAll('names');
      return { body: { services: names.map((name) => services.get(name.split('/').at(-1) ?? '')) } };
    }),
    on('POST', `${SERVICE}\\:enable`, 'enable', (call) => ({
      body: services.enable([call.param('service')], 'EnableServiceResponse'),
    })),
    on('POST', `${SERVICE}\\:disable`, 'disable', async (call) => {
      const { disableDependentServices = false } = await call.json<{ disableDependentServices?: boolean }>();
      return { body: services.disable(call.param('service'), disableDependentServices) };
    }),
    on('GET', SERVICES, 'list', (call) => {
      const { pageSize, pageToken } = pageQuery(call);
      return { body: pageBody('services', services.list(stateFilter(call), pageSize, pageToken)) };
    }),
    on('GET', SERVICE, 'get', (call) => ({ body: services.get(call.param('service')) })),
    route('GET', '/v1/operations/:operation', 'serviceusage.operations.get', (call) => ({
      body: services.operations.get(`operations/${call.param('operation')}`),
    })),
  ];
}

export function serviceUsageAccess(project: string): AccessTable {
  const service = () => serviceOf(project, 'serviceusage.googleapis.com');
  return {
    ...Object.fromEntries(
      ['enable', 'disable', 'get', 'list'].map((method) => [
        `serviceusage.services.${method}`,
        needs(`serviceusage.services.${method}`, service),
      ]),
    ),
    'serviceusage.services.batchEnable': needs('serviceusage.services.enable', service),
    'serviceusage.services.batchGet': needs('serviceusage.services.get', service),
    'serviceusage.operations.get': nothing,
  };
}

function stateFilter(call: Call): Service['state'] | undefined {
  const filter = call.query('filter');
  if (!filter) return undefined;
  const [, state] = /^state:(ENABLED|DISABLED)$/.exec(filter) ?? [];
  if (!state) throw notImplemented(`the filter ${JSON.stringify(filter)} (Service Usage)`);
  return state as Service['state'];
}
