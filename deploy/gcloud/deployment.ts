import type { Kind, Kinds, ResourceOf } from '../table/resource.ts';

/** Where a command applies. */
export interface Deployment {
  project: string;
  zone: string;
  region: string;
  /** Has a folder per function with the files that are deployed. */
  functionsFolder: string;
}

export interface GcloudChange<K extends Kind> {
  action: 'create' | 'update';
  differs: (path: string) => boolean;
  /** Absent for a new resource. */
  observed: Kinds[K]['properties'] | undefined;
}

/** Returns the lines of bash that make a change. */
export type CommandsOf<K extends Kind> = (
  change: GcloudChange<K>,
  resource: ResourceOf<K>,
  deployment: Deployment,
) => string[];
