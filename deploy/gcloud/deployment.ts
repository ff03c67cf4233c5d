import type { Kind, ResourceOf } from '../table/resource.ts';

/** Where a command applies. */
export interface Deployment {
  project: string;
  zone: string;
  region: string;
  /** Holds a folder per function with what is deployed. */
  functionsFolder: string;
}

/** One change, and the lines of bash that make it. */
export type CommandsOf<K extends Kind> = (
  change: { action: 'create' | 'update'; differs: (path: string) => boolean },
  resource: ResourceOf<K>,
  deployment: Deployment,
) => string[];
