import { randomUUID } from 'node:crypto';
import { checkProject, PROJECT_NUMBER } from '../core/project.ts';
import { type AccessTable, needs, nothing } from '../http/access-table.ts';
import type { Call, Reply } from '../http/call.ts';
import { pageBody, pageQuery } from '../http/query.ts';
import { type Route, route } from '../http/router.ts';
import { DEFAULT_COMPUTE_ACCOUNT } from '../iam/accounts.ts';
import { serviceAccount, serviceOf } from '../iam/resources.ts';
import type { UrlSigner } from '../storage/signed-url.ts';
import type { Store } from '../storage/state/store.ts';
import type { Deployments } from './deployments.ts';
import { type FunctionRequest, functionResource } from './resource.ts';
import { listRuntimes } from './runtimes.ts';

const LOCATIONS = '/v2/projects/:project/locations';
const FUNCTIONS = `${LOCATIONS}/:location/functions`;
const FUNCTION = `${FUNCTIONS}/:function`;
const BUILD_ACCOUNT = '/v1/projects/:project/locations/:location/defaultServiceAccount';
const OPERATIONS = 'cloudfunctions.projects.locations';

/** Locations that are listed; functions may be made in any. */
const LISTED = ['us-central1', 'us-east4'];
const UPLOAD_SECONDS = 30 * 60;

export interface FunctionRoutesOptions {
  project: string;
  deployments: Deployments;
  store: Store;
  signer: UrlSigner;
  storageUrl: () => Promise<string>;
}

/** Cloud Functions, v2 (https://cloud.google.com/functions/docs/reference/rest/v2). */
export function functionRoutes(options: FunctionRoutesOptions): Route[] {
  const { project, deployments, store, signer, storageUrl } = options;
  const on = (method: string, path: string, verb: string, handler: (call: Call) => Promise<Reply> | Reply) =>
    route(method, path, `${OPERATIONS}.${verb}`, (call) => {
      checkProject(call.param('project'), project);
      return handler(call);
    });
  const parentOf = (call: Call) => `projects/${project}/locations/${call.param('location')}`;
  const nameOf = (call: Call) => `${parentOf(call)}/functions/${call.param('function')}`;
  return [
    on('GET', LOCATIONS, 'list', () => ({ body: { locations: LISTED.map((id) => location(project, id)) } })),
    on('GET', `${LOCATIONS}/:location/runtimes`, 'runtimes.list', () => ({
      body: { runtimes: listRuntimes() },
    })),
    route('GET', BUILD_ACCOUNT, 'cloudbuild.projects.locations.getDefaultServiceAccount', buildAccount),
    on('POST', `${FUNCTIONS}\\:generateUploadUrl`, 'functions.generateUploadUrl', async (call) => {
      const bucket = `gcf-v2-uploads-${PROJECT_NUMBER}-${call.param('location')}`;
      if (!store.catalog.bucket(bucket)) store.buckets.insert(bucket, 'google-functions', {});
      const object = `${randomUUID()}.zip`;
      const uploadUrl = (await storageUrl()) + signer.sign(bucket, object, UPLOAD_SECONDS);
      return { body: { uploadUrl, storageSource: { bucket, object } } };
    }),
    on('POST', FUNCTIONS, 'functions.create', async (call) => {
      const request = await call.json<FunctionRequest>();
      requireActAs(call, request);
      return { body: await deployments.create(parentOf(call), call.query('functionId') ?? '', request) };
    }),
    on('GET', FUNCTIONS, 'functions.list', (call) => {
      const { pageSize, pageToken } = pageQuery(call);
      return { body: pageBody('functions', deployments.list(parentOf(call), pageSize, pageToken)) };
    }),
    on('GET', FUNCTION, 'functions.get', (call) => ({ body: deployments.get(nameOf(call)) })),
    on('PATCH', FUNCTION, 'functions.patch', async (call) => {
      const request = await call.json<FunctionRequest>();
      const { serviceAccountEmail } = deployments.get(nameOf(call)).serviceConfig;
      requireActAs(call, { serviceConfig: { serviceAccountEmail, ...request.serviceConfig } });
      return { body: await deployments.patch(nameOf(call), request, call.query('updateMask')) };
    }),
    on('DELETE', FUNCTION, 'functions.delete', (call) => ({ body: deployments.delete(nameOf(call)) })),
    on('GET', `${LOCATIONS}/:location/operations/:operation`, 'operations.get', (call) => ({
      body: deployments.operations.get(`${parentOf(call)}/operations/${call.param('operation')}`),
    })),
  ];

  /** Who builds functions; gcloud asks Cloud Build for it. */
  function buildAccount(call: Call): Reply {
    const name = `${parentOf(call)}/defaultServiceAccount`;
    return {
      body: { name, serviceAccountEmail: `projects/${project}/serviceAccounts/${DEFAULT_COMPUTE_ACCOUNT}` },
    };
  }

  /** Whoever deploys a function must be allowed to act as its account. */
  function requireActAs(call: Call, { serviceConfig }: FunctionRequest): void {
    const email = serviceConfig?.serviceAccountEmail || DEFAULT_COMPUTE_ACCOUNT;
    call.require('iam.serviceAccounts.actAs', serviceAccount(project, email));
  }
}

export function functionAccess(project: string): AccessTable {
  const service = () => serviceOf(project, 'cloudfunctions.googleapis.com');
  const fn = (call: Call) => functionResource(project, call.param('location'), call.param('function'));
  return {
    [`${OPERATIONS}.list`]: needs('cloudfunctions.locations.list', service),
    [`${OPERATIONS}.functions.generateUploadUrl`]: needs('cloudfunctions.functions.sourceCodeSet', service),
    [`${OPERATIONS}.functions.create`]: needs('cloudfunctions.functions.create', service),
    [`${OPERATIONS}.functions.list`]: needs('cloudfunctions.functions.list', service),
    [`${OPERATIONS}.functions.get`]: needs('cloudfunctions.functions.get', fn),
    [`${OPERATIONS}.functions.patch`]: needs('cloudfunctions.functions.update', fn),
    [`${OPERATIONS}.functions.delete`]: needs('cloudfunctions.functions.delete', fn),
    [`${OPERATIONS}.runtimes.list`]: needs('cloudfunctions.runtimes.list', service),
    'cloudbuild.projects.locations.getDefaultServiceAccount': nothing,
    [`${OPERATIONS}.operations.get`]: nothing,
  };
}

function location(project: string, locationId: string): object {
  return { name: `projects/${project}/locations/${locationId}`, locationId };
}
