import { PermissionError } from '../../shared/errors.ts';
import { mapConcurrent } from '../../shared/map-concurrent.ts';
import { idOf, type Json, type Kind, type Resource, type ResourceOf } from '../table/resource.ts';
import { type Difference, differences } from './difference.ts';
import { type Providers, providerOf } from './provider.ts';

/** What apply does to one resource. */
export interface Change {
  action: 'create' | 'update' | 'none';
  resource: Resource;
  differences: Difference[];
  /** The resource as the cloud has it; absent if it does not exist. */
  observed?: Json;
}

/** The properties of each existing resource, by its id. */
export type Observed = ReadonlyMap<string, Json>;

/** The difference between the table and the cloud, in the table's order. */
export function plan(table: Resource[], observed: Observed): Change[] {
  return table.map((resource) => changeOf(resource, observed.get(idOf(resource))));
}

export function changeOf(resource: Resource, observed: Json | undefined): Change {
  if (observed === undefined) return { action: 'create', resource, differences: [] };
  const found = differences(resource.properties as unknown as Json, observed);
  return { action: found.length === 0 ? 'none' : 'update', resource, differences: found, observed };
}

const READS_AT_ONCE = 8;

/** Reads every resource of the table. A service that is off refuses to answer: what it would have counts as not there. */
export async function observe(
  table: Resource[],
  providers: Providers,
  onRead: (done: number) => void = () => {},
): Promise<Observed> {
  const observed = new Map<string, Json>();
  let done = 0;
  await readAll(table.filter(isApi));
  await readAll(table.filter((resource) => !isApi(resource)));
  return observed;

  async function readAll(resources: Resource[]): Promise<void> {
    await mapConcurrent(READS_AT_ONCE, resources, async (resource) => {
      const found = await readOne(resource);
      if (found !== undefined) observed.set(idOf(resource), found);
      done += 1;
      onRead(done);
    });
  }

  async function readOne(resource: Resource): Promise<Json | undefined> {
    try {
      return await read(providers, resource);
    } catch (error) {
      const isOff = resource.dependsOn.some((id) => id.startsWith('api ') && !observed.has(id));
      if (isOff && error instanceof PermissionError) return undefined;
      throw error;
    }
  }
}

const isApi = ({ kind }: Resource) => kind === 'api';

/** What there is of one resource, in the terms of the table. */
export async function read<K extends Kind>(
  providers: Providers,
  resource: ResourceOf<K>,
): Promise<Json | undefined> {
  return (await providerOf(providers, resource).read(resource)) as unknown as Json | undefined;
}

/** Nothing is to be done. */
export function isUpToDate(changes: Change[]): boolean {
  return changes.every(({ action }) => action === 'none');
}
