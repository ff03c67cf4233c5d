import { invalid } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import type { Route } from '../../http/router.ts';
import type { PolicyBook } from '../../iam/policy-book.ts';
import { fullName } from '../../iam/resources.ts';
import { bucketResource as asIamSeesIt } from '../access.ts';
import { type BucketAttributes, readBucketAttributes } from '../checks/attributes.ts';
import { listPage } from '../checks/listing.ts';
import { mergePatch } from '../checks/patch.ts';
import { failedPrecondition, preconditionFailed, readPreconditions } from '../checks/preconditions.ts';
import type { BucketRecord } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { readMaxResults } from './list-query.ts';
import { apiRoute } from './paths.ts';
import { bucketResource } from './resources.ts';

const BUCKET = '/b/:bucket';

export function bucketRoutes(store: Store, policies: PolicyBook): Route[] {
  return [
    apiRoute('GET', BUCKET, 'storage.buckets.get', getBucket),
    apiRoute('GET', '/b', 'storage.buckets.list', listBuckets),
    apiRoute('POST', '/b', 'storage.buckets.insert', insertBucket),
    apiRoute('PATCH', BUCKET, 'storage.buckets.patch', patchBucket),
    apiRoute('PUT', BUCKET, 'storage.buckets.update', updateBucket),
    apiRoute('DELETE', BUCKET, 'storage.buckets.delete', deleteBucket),
  ];

  function getBucket(call: Call): Reply {
    const bucket = store.buckets.get(call.param('bucket'));
    const failure = failedPrecondition(readPreconditions(call.url.searchParams), bucket);
    if (failure === 'NotMatch') return { status: 304 };
    if (failure === 'Match') throw preconditionFailed();
    return { body: bucketResource(call, bucket) };
  }

  function listBuckets(call: Call): Reply {
    const project = requireProject(call);
    const pageToken = call.query('pageToken');
    const options = { prefix: call.query('prefix') ?? '', maxResults: readMaxResults(call) };
    const page = listPage(ofProject, { ...options, ...(pageToken && { pageToken }) });
    const { items, nextPageToken } = page;
    const buckets = items.map((bucket) => bucketResource(call, bucket));
    return { body: { kind: 'storage#buckets', items: buckets, ...(nextPageToken && { nextPageToken }) } };

    function* ofProject(from: string, before?: string): Generator<BucketRecord> {
      for (const bucket of store.catalog.bucketsFrom(from, before)) {
        if (bucket.project === project) yield bucket;
      }
    }
  }

  async function insertBucket(call: Call): Promise<Reply> {
    const project = requireProject(call);
    const resource = await call.json<BucketAttributes & { name?: string }>();
    const bucket = store.buckets.insert(resource.name, project, readBucketAttributes(resource));
    return { body: bucketResource(call, bucket) };
  }

  async function patchBucket(call: Call): Promise<Reply> {
    const patch = readBucketAttributes(await call.json<BucketAttributes>());
    return update(call, ({ attributes }) => ({ attributes: mergePatch(attributes, patch) }));
  }

  async function updateBucket(call: Call): Promise<Reply> {
    const replacement = readBucketAttributes(await call.json<BucketAttributes>());
    return update(call, ({ attributes: { location, locationType, storageClass } }) => ({
      attributes: mergePatch({ location, locationType, storageClass }, replacement),
    }));
  }

  function update(call: Call, change: Parameters<Store['buckets']['update']>[2]): Reply {
    const conditions = readPreconditions(call.url.searchParams);
    return { body: bucketResource(call, store.buckets.update(call.param('bucket'), conditions, change)) };
  }

  function deleteBucket(call: Call): Reply {
    const { project, name } = store.buckets.get(call.param('bucket'));
    store.buckets.remove(name, readPreconditions(call.url.searchParams));
    policies.delete(fullName(asIamSeesIt(project, name)));
    return { status: 204 };
  }
}

function requireProject(call: Call): string {
  const project = call.query('project');
  if (!project) throw invalid('Required parameter: project');
  return project;
}
