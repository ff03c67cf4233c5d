import type { CloudClock } from '../core/clock.ts';
import { ApiError, alreadyExists, invalid } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';
import { operationCaller } from './caller.ts';
import type { Image, ImageStore } from './image-store.ts';
import { isStopped } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';
import type { Operations } from './operations.ts';
import { operationView } from './view.ts';

/** Compute Engine takes minutes. */
const MAKING_MS = 1000;
const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DISK = /(?:^|\/)zones\/([^/]+)\/disks\/([^/]+)$/;

/** What `images.insert` takes; other fields of the API are accepted and forgotten. */
interface ImageBody {
  name?: string;
  family?: string;
  description?: string;
  labels?: Record<string, string>;
  sourceDisk?: string;
}

export interface ImageMethodParts {
  clock: CloudClock;
  store: InstanceStore;
  images: ImageStore;
  operations: Operations;
}

/** `images.insert` (https://cloud.google.com/compute/docs/reference/rest/v1/images/insert): of a disk alone. */
export async function insertImage(call: Call, parts: ImageMethodParts): Promise<Reply> {
  const { clock, images, operations } = parts;
  const body = await call.json<ImageBody>();
  const caller = operationCaller(call);
  const earlier = operations.earlier('insert', '', body.name ?? '', caller);
  if (earlier) return { body: operationView(earlier, images.project) };
  const image = images.add(imageFrom(body, parts, call.query('forceCreate') === 'true'));
  const operation = operations.begin('insert', { ...image, zone: '' }, caller);
  clock.after(MAKING_MS, () => {
    image.status = 'READY';
    images.save();
    operations.finish(operation);
  });
  return { body: operationView(operation, images.project) };
}

function imageFrom(
  body: ImageBody,
  { clock, store, images }: ImageMethodParts,
  isForced: boolean,
): Omit<Image, 'id'> {
  const { name = '', family, description = '', labels = {}, sourceDisk = '' } = body;
  checkName('name', name);
  if (family !== undefined) checkName('family', family);
  if (images.find(name)) {
    const path = `projects/${images.project}/global/images/${name}`;
    throw alreadyExists(`The resource '${path}' already exists`);
  }
  const [, sourceZone = '', disk = ''] = DISK.exec(sourceDisk) ?? [];
  if (!disk)
    throw invalid(`Invalid value for field 'resource.sourceDisk': '${sourceDisk}'. The URL is malformed.`);
  const owner = store.get(sourceZone, disk);
  if (!isStopped(owner) && !isForced) {
    const message = `The disk resource '${sourceDisk}' is already being used by '${owner.name}'`;
    throw new ApiError(400, 'resourceInUseByAnotherResource', message);
  }
  return {
    name,
    ...(family !== undefined && { family }),
    description,
    labels,
    status: 'PENDING',
    sourceZone,
    sourceDisk: disk,
    diskSizeGb: owner.diskSizeGb,
    creationTimestamp: clock.now().toISOString(),
  };
}

function checkName(field: string, name: string): void {
  if (NAME.test(name)) return;
  throw invalid(
    `Invalid value for field 'resource.${field}': '${name}'. Must be a match of regex '${NAME.source}'`,
  );
}
