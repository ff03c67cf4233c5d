import type { Server } from 'node:http';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Route } from '../http/router.ts';
import { createService, type ServiceContext } from '../http/service.ts';
import { PolicyBook } from '../iam/policy-book.ts';
import { storageAccess } from './access.ts';
import { type BucketAttributes, readBucketAttributes } from './checks/attributes.ts';
import { UrlSigner } from './signed-url.ts';
import { Store } from './state/store.ts';
import { bucketAccessRoutes } from './wire/bucket-access.ts';
import { bucketRoutes } from './wire/buckets.ts';
import { copyRoutes } from './wire/copies.ts';
import { downloadRoutes, publicRoutes } from './wire/downloads.ts';
import { objectRoutes } from './wire/objects.ts';
import { resumableRoutes } from './wire/resumable.ts';
import { signedUploadRoutes } from './wire/signed-uploads.ts';
import { uploadRoutes } from './wire/uploads.ts';

const DAY_MS = 86_400_000;

export interface StorageOptions {
  /** The local cloud's state directory; Storage keeps to `storage/` in it. */
  stateDir: string;
  context: ServiceContext;
  /** ID of the project that owns the buckets. */
  project: string;
  /** Where the buckets' IAM policies are kept; a file in the state directory unless told. */
  policies?: PolicyBook;
}

export interface Storage {
  server: Server;
  store: Store;
  signer: UrlSigner;
  /** Creates the bucket, or gives it these attributes where it exists. Its location stays. */
  ensureBucket(name: string, attributes?: BucketAttributes): void;
}

/** Cloud Storage, by its JSON API. Closing the server closes the store. */
export function createStorage(options: StorageOptions): Storage {
  const { stateDir, context, project } = options;
  const { policies = new PolicyBook(join(stateDir, 'storage', 'policies.json')) } = options;
  const store = new Store(join(stateDir, 'storage'), context.clock);
  const signer = new UrlSigner(context.clock);
  const routes = [...routesOf(store, policies), ...signedUploadRoutes(store, signer)];
  const server = createService('storage', routes, context, storageAccess(store, project));
  // An upload may take longer than the five minutes that Node grants a request.
  server.requestTimeout = 0;
  let cancelDaily = () => {};
  everyDay();
  server.once('close', () => {
    cancelDaily();
    store.close();
  });
  return { server, store, signer, ensureBucket };

  function everyDay(): void {
    cancelDaily = context.clock.after(DAY_MS, () => {
      store.removeExpired();
      everyDay();
    });
  }

  function ensureBucket(name: string, given: BucketAttributes = {}): void {
    const attributes = readBucketAttributes(given);
    const bucket = store.catalog.bucket(name);
    if (!bucket) return void store.buckets.insert(name, project, attributes);
    const { location: _, ...settable } = attributes;
    const changed = { ...bucket.attributes, ...settable };
    if (isDeepStrictEqual(changed, bucket.attributes)) return;
    store.buckets.update(name, {}, () => ({ attributes: changed }));
  }
}

/** The frequent ones first; last the one that takes any path. */
function routesOf(store: Store, policies: PolicyBook): Route[] {
  return [
    ...objectRoutes(store),
    ...uploadRoutes(store),
    ...downloadRoutes(store),
    ...resumableRoutes(store),
    ...bucketRoutes(store, policies),
    ...bucketAccessRoutes(store, policies),
    ...copyRoutes(store),
    ...publicRoutes(store),
  ];
}
