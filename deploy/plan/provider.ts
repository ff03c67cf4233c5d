import type { Kind, Kinds, ResourceOf } from '../table/resource.ts';

/**
 * How resources of one kind are read, made and changed in Google Cloud. Every method throws TransientError where a later try may
 * succeed, PermissionError where the account may not, and InvalidError where a person has to decide.
 */
export interface Provider<K extends Kind> {
  /** As it is, in the terms of the table; undefined where there is none. */
  read(resource: ResourceOf<K>): Promise<Kinds[K]['properties'] | undefined>;
  create(resource: ResourceOf<K>): Promise<void>;
  /** Gives it the properties that the table has; `observed` is what `read` saw. */
  update(resource: ResourceOf<K>, observed: Kinds[K]['properties']): Promise<void>;
  /** Throws InvalidError where `remove` would have to refuse; absent: it never does. */
  requireRemovable?(resource: ResourceOf<K>): Promise<void>;
  /** Removes it, or from what is not ours what makes it ours. Nothing where there is none. */
  remove(resource: ResourceOf<K>): Promise<void>;
}

export type Providers = { [K in Kind]: Provider<K> };

/** The provider of a resource, freed of its kind: whoever walks through a table has resources of every kind. */
export function providerOf<K extends Kind>(providers: Providers, resource: ResourceOf<K>): Provider<K> {
  return providers[resource.kind];
}
