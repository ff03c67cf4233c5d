import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { isExpired } from '../checks/lifecycle.ts';
import { Buckets } from './buckets.ts';
import { Catalog } from './catalog.ts';
import { Content } from './content.ts';
import { Objects } from './objects.ts';
import { Sessions } from './sessions.ts';

/** Everything that Storage keeps, in one directory; opening it again finds it as it was left. */
export class Store {
  readonly catalog: Catalog;
  readonly content: Content;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly sessions: Sessions;
  readonly #clock: Clock;

  constructor(directory: string, clock: Clock) {
    mkdirSync(directory, { recursive: true });
    this.#clock = clock;
    this.catalog = new Catalog(join(directory, 'catalog.sqlite'));
    this.content = new Content(directory);
    this.content.removeOrphans(this.catalog.generations());
    this.buckets = new Buckets(this.catalog, clock);
    this.objects = new Objects(this.catalog, this.content, this.buckets, clock);
    this.sessions = new Sessions(this.catalog, this.content, this.objects, clock);
  }

  /** What Cloud Storage does once a day: deletes by the buckets' lifecycle rules, and forgets old upload sessions. */
  removeExpired(): void {
    const now = this.#clock.now();
    for (const { name, attributes } of [...this.catalog.bucketsFrom('')]) {
      const expired = [...this.catalog.objectsFrom(name, '')].filter((object) =>
        isExpired(attributes.lifecycle, { storageClass: 'STANDARD', ...object.attributes, ...object }, now),
      );
      for (const object of expired) this.objects.remove(object);
    }
    this.sessions.removeExpired();
  }

  close(): void {
    this.catalog.close();
  }
}
