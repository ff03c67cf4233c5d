import type { Kind, Kinds, ResourceOf } from '../table/resource.ts';

/**
 * Reads, creates and changes resources of one kind in Google Cloud. Every method throws TransientError if a retry can succeed,
 * PermissionError if the account lacks a permission, and InvalidError if a person has to decide.
 */
export interface Provider<K extends Kind> {
  /** Returns the current properties; undefined if the resource does not exist. */
  read(resource: ResourceOf<K>): Promise<Kinds[K]['properties'] | undefined>;
  create(resource: ResourceOf<K>): Promise<void>;
  /** Sets the properties of the table; `observed` is the result of `read`. */
  update(resource: ResourceOf<K>, observed: Kinds[K]['properties']): Promise<void>;
  /** Throws InvalidError if `remove` or `release` would refuse. Absent if they never do. */
  requireRemovable?(resource: ResourceOf<K>): Promise<void>;
  /** Deletes the resource; does nothing if it does not exist. Absent if the resource is never deleted. */
  remove?(resource: ResourceOf<K>): Promise<void>;
  /** Undoes what the system added to a resource that can stay with its owner. Absent if it never stays. */
  release?(resource: ResourceOf<K>): Promise<void>;
}

export type Providers = { [K in Kind]: Provider<K> };

/** Returns the provider for the kind of a resource. */
export function providerOf<K extends Kind>(providers: Providers, resource: ResourceOf<K>): Provider<K> {
  return providers[resource.kind];
}
