import { type AccessTable, needs } from '../http/access-table.ts';
import type { Call, Reply } from '../http/call.ts';
import { pageBody, pageQuery } from '../http/query.ts';
import { type Route, route } from '../http/router.ts';
import { serviceOf } from '../iam/resources.ts';
import type { JobRequest } from './job.ts';
import type { Jobs } from './jobs.ts';
import { getLocation, listLocations } from './locations.ts';

const LOCATIONS = '/v1/projects/:project/locations';
const JOBS = `${LOCATIONS}/:location/jobs`;

/** Cloud Scheduler's REST API, v1. */
export function schedulerRoutes(jobs: Jobs): Route[] {
  const on = (method: string, path: string, verb: string, handler: (call: Call) => Promise<Reply> | Reply) =>
    route(method, path, `cloudscheduler.projects.locations.${verb}`, handler);
  return [
    on('GET', LOCATIONS, 'list', (call) => ({ body: listLocations(call.param('project')) })),
    on('GET', `${LOCATIONS}/:location`, 'get', (call) => ({
      body: getLocation(call.param('project'), call.param('location')),
    })),
    on('POST', JOBS, 'jobs.create', async (call) => ({
      body: jobs.create(parentOf(call), await call.json<JobRequest>()),
    })),
    on('GET', JOBS, 'jobs.list', (call) => {
      const { pageSize, pageToken } = pageQuery(call);
      return { body: pageBody('jobs', jobs.list(parentOf(call), pageSize, pageToken)) };
    }),
    on('POST', `${JOBS}/:job\\:run`, 'jobs.run', async (call) => ({ body: await jobs.run(nameOf(call)) })),
    on('POST', `${JOBS}/:job\\:pause`, 'jobs.pause', (call) => ({ body: jobs.pause(nameOf(call)) })),
    on('POST', `${JOBS}/:job\\:resume`, 'jobs.resume', (call) => ({ body: jobs.resume(nameOf(call)) })),
    on('GET', `${JOBS}/:job`, 'jobs.get', (call) => ({ body: jobs.get(nameOf(call)) })),
    on('PATCH', `${JOBS}/:job`, 'jobs.patch', async (call) => ({
      body: jobs.update(nameOf(call), await call.json<JobRequest>(), call.query('updateMask')),
    })),
    on('DELETE', `${JOBS}/:job`, 'jobs.delete', (call) => {
      jobs.delete(nameOf(call));
      return { body: {} };
    }),
  ];
}

/** Jobs have no policies of their own (https://cloud.google.com/iam/docs/roles-permissions/cloudscheduler). */
export function schedulerAccess(project: string): AccessTable {
  const service = () => serviceOf(project, 'cloudscheduler.googleapis.com');
  const permission = (name: string) => needs(`cloudscheduler.${name}`, service);
  const jobs = ['create', 'list', 'get', 'run', 'pause', 'delete'];
  const of = 'cloudscheduler.projects.locations';
  return {
    [`${of}.list`]: permission('locations.list'),
    [`${of}.get`]: permission('locations.get'),
    ...Object.fromEntries(jobs.map((verb) => [`${of}.jobs.${verb}`, permission(`jobs.${verb}`)])),
    [`${of}.jobs.resume`]: permission('jobs.enable'),
    [`${of}.jobs.patch`]: permission('jobs.update'),
  };
}

function parentOf(call: Call): string {
  return `projects/${call.param('project')}/locations/${call.param('location')}`;
}

function nameOf(call: Call): string {
  return `${parentOf(call)}/jobs/${call.param('job')}`;
}
