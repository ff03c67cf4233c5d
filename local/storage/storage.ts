import type { Server } from 'node:http';
import { join } from 'node:path';
import { createService, type ServiceContext } from '../http/service.ts';
import { Store } from './state/store.ts';
import { bucketAccessRoutes } from './wire/bucket-access.ts';
import { bucketRoutes } from './wire/buckets.ts';
import { copyRoutes } from './wire/copies.ts';
import { downloadRoutes, publicRoutes } from './wire/downloads.ts';
import { objectRoutes } from './wire/objects.ts';
import { resumableRoutes } from './wire/resumable.ts';
import { uploadRoutes } from './wire/uploads.ts';

const DAY_MS = 86_400_000;

export interface StorageOptions {
  /** The local cloud's state directory; Storage keeps to `storage/` in it. */
  stateDir: string;
  context: ServiceContext;
  /** The project of the buckets made by `ensureBucket`. */
  project?: string;
}

export interface Storage {
  server: Server;
  store: Store;
  /** Makes the bucket unless it is there already. */
  ensureBucket(name: string): void;
}

/** Cloud Storage, by its JSON API. Closing the server closes the store. */
export function createStorage({ stateDir, context, project = 'vicinity-local' }: StorageOptions): Storage {
  const store = new Store(join(stateDir, 'storage'), context.clock);
  const server = createService('storage', routesOf(store), context);
  // An upload may take longer than the five minutes that Node grants a request.
  server.requestTimeout = 0;
  let cancelDaily = () => {};
  everyDay();
  server.once('close', () => {
    cancelDaily();
    store.close();
  });
  return { server, store, ensureBucket };

  function everyDay(): void {
    cancelDaily = context.clock.after(DAY_MS, () => {
      store.removeExpired();
      everyDay();
    });
  }

  function ensureBucket(name: string): void {
    if (!store.catalog.bucket(name)) store.buckets.insert(name, project, {});
  }
}

/** The frequent ones first; last the one that takes any path. */
function routesOf(store: Store) {
  return [
    ...objectRoutes(store),
    ...uploadRoutes(store),
    ...downloadRoutes(store),
    ...resumableRoutes(store),
    ...bucketRoutes(store),
    ...bucketAccessRoutes(store),
    ...copyRoutes(store),
    ...publicRoutes(store),
  ];
}
