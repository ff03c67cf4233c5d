import { type ApiError, notFound } from '../http/api-error.ts';
import type { Call } from '../http/call.ts';
import type { Route } from '../http/router.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import { type ImageMethodParts, insertImage } from './image-methods.ts';
import type { Image } from './image-store.ts';
import { CHANGES } from './instance-changes.ts';
import { type InstanceMethodParts, InstanceMethods } from './instance-methods.ts';
import { instancePolicyRoutes } from './instance-policies.ts';
import { resourcePath } from './links.ts';
import { aggregatedReply, globalListReply, listReply } from './listing.ts';
import { MACHINE_TYPES, machineType } from './machine-types.ts';
import type { Operation } from './operations.ts';
import { pathsOf } from './paths.ts';
import { regionView } from './regions.ts';
import {
  diskView,
  imageView,
  instanceView,
  machineTypeView,
  operationView,
  projectView,
  zoneView,
} from './view.ts';

/** The methods of the REST API that exist here (https://cloud.google.com/compute/docs/reference/rest/v1). */
export function computeRoutes(parts: InstanceMethodParts & ImageMethodParts, policies: PolicyBook): Route[] {
  return [
    ...catalogueRoutes(parts),
    ...instanceRoutes(parts),
    ...imageRoutes(parts),
    ...instancePolicyRoutes(parts.store, policies),
    ...operationRoutes(parts),
  ];
}

function instanceRoutes(parts: InstanceMethodParts): Route[] {
  const { store } = parts;
  const { inProject, inZone } = pathsOf(store.project);
  const methods = new InstanceMethods(parts);
  const views = () => store.list().map((instance) => instanceView(instance, store.project));
  const path = '/instances/:instance';
  return [
    inProject('GET', '/aggregated/instances', 'compute.instances.aggregatedList', (call) =>
      aggregatedReply(views(), 'instance', call),
    ),
    inZone('GET', '/instances', 'compute.instances.list', (call) => listReply(views(), 'instance', call)),
    inZone('POST', '/instances', 'compute.instances.insert', (call) => methods.insert(call)),
    inZone('GET', path, 'compute.instances.get', (call) => ({
      body: instanceView(methods.instance(call), store.project),
    })),
    inZone('DELETE', path, 'compute.instances.delete', (call) => methods.power(call, 'delete')),
    inZone('GET', `${path}/serialPort`, 'compute.instances.getSerialPortOutput', (call) =>
      methods.serialPort(call),
    ),
    ...(['start', 'stop', 'reset'] as const).map((method) =>
      inZone('POST', `${path}/${method}`, `compute.instances.${method}`, (call) =>
        methods.power(call, method),
      ),
    ),
    ...Object.keys(CHANGES).map((method) =>
      inZone('POST', `${path}/${method}`, `compute.instances.${method}`, (call) =>
        methods.change(call, method),
      ),
    ),
  ];
}

function imageRoutes(parts: ImageMethodParts): Route[] {
  const { images } = parts;
  const { project } = images;
  const { inProject } = pathsOf(project);
  const view = (image: Image) => imageView(image, project);
  return [
    inProject('POST', '/global/images', 'compute.images.insert', (call) => insertImage(call, parts)),
    inProject('GET', '/global/images', 'compute.images.list', (call) =>
      globalListReply(images.list().map(view), 'image', call),
    ),
    inProject('GET', '/global/images/:image', 'compute.images.get', (call) => ({
      body: view(images.get(call.param('image'))),
    })),
    inProject('GET', '/global/images/family/:family', 'compute.images.getFromFamily', (call) => ({
      body: view(images.newestOf(call.param('family'))),
    })),
  ];
}

function operationRoutes({ store: { project }, operations }: InstanceMethodParts): Route[] {
  const { inProject, inZone } = pathsOf(project);
  const views = () =>
    operations
      .list()
      .filter(({ zone }) => zone)
      .map((operation) => operationView(operation, project));
  return [
    inProject('GET', '/aggregated/operations', 'compute.zoneOperations.aggregatedList', (call) =>
      aggregatedReply(views(), 'operation', call),
    ),
    inZone('GET', '/operations', 'compute.zoneOperations.list', (call) =>
      listReply(views(), 'operation', call),
    ),
    inZone('GET', '/operations/:operation', 'compute.zoneOperations.get', (call) => ({
      body: operationView(operationOf(call), project),
    })),
    inZone('POST', '/operations/:operation/wait', 'compute.zoneOperations.wait', async (call) => {
      const operation = operationOf(call);
      await operations.wait(operation);
      return { body: operationView(operation, project) };
    }),
    inProject('GET', '/global/operations/:operation', 'compute.globalOperations.get', (call) => ({
      body: operationView(globalOperationOf(call), project),
    })),
    inProject('POST', '/global/operations/:operation/wait', 'compute.globalOperations.wait', async (call) => {
      const operation = globalOperationOf(call);
      await operations.wait(operation);
      return { body: operationView(operation, project) };
    }),
  ];

  function globalOperationOf(call: Call): Operation {
    const name = call.param('operation');
    const found = operations.find('', name);
    if (!found) throw notFound(`The resource 'projects/${project}/global/operations/${name}' was not found`);
    return found;
  }

  function operationOf(call: Call): Operation {
    const found = operations.find(call.param('zone'), call.param('operation'));
    if (!found) throw absent(project, call, 'operations', call.param('operation'));
    return found;
  }
}

function catalogueRoutes({ store }: InstanceMethodParts): Route[] {
  const { project } = store;
  const { inProject, inZone } = pathsOf(project);
  const typesIn = (zone: string) => MACHINE_TYPES.map((type) => machineTypeView(type, project, zone));
  const zonesInUse = () => [...new Set(store.list().map((instance) => instance.zone))];
  const disks = () => store.list().map((instance) => diskView(instance, project));
  return [
    inProject('GET', '', 'compute.projects.get', () => ({ body: projectView(project) })),
    inProject('GET', '/regions/:region', 'compute.regions.get', (call) => ({
      body: regionView(call.param('region'), store),
    })),
    inZone('GET', '', 'compute.zones.get', (call) => ({ body: zoneView(call.param('zone'), project) })),
    inProject('GET', '/aggregated/machineTypes', 'compute.machineTypes.aggregatedList', (call) =>
      aggregatedReply(zonesInUse().flatMap(typesIn), 'machineType', call),
    ),
    inZone('GET', '/machineTypes', 'compute.machineTypes.list', (call) =>
      listReply(typesIn(call.param('zone')), 'machineType', call),
    ),
    inZone('GET', '/machineTypes/:machineType', 'compute.machineTypes.get', (call) => {
      const type = machineType(call.param('machineType'));
      if (!type) throw absent(project, call, 'machineTypes', call.param('machineType'));
      return { body: machineTypeView(type, project, call.param('zone')) };
    }),
    inProject('GET', '/aggregated/disks', 'compute.disks.aggregatedList', (call) =>
      aggregatedReply(disks(), 'disk', call),
    ),
    inZone('GET', '/disks', 'compute.disks.list', (call) => listReply(disks(), 'disk', call)),
    inZone('GET', '/disks/:disk', 'compute.disks.get', (call) => {
      const owner = store.find(call.param('zone'), call.param('disk'));
      if (!owner) throw absent(project, call, 'disks', call.param('disk'));
      return { body: diskView(owner, project) };
    }),
  ];
}

function absent(project: string, call: Call, collection: string, name: string): ApiError {
  return notFound(
    `The resource '${resourcePath(project, call.param('zone'), collection, name)}' was not found`,
  );
}
