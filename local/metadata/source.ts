/** What a metadata server tells of the project. */
export interface ProjectFacts {
  projectId: string;
  numericProjectId: string;
  attributes: Record<string, string>;
}

export interface ServiceAccountFacts {
  email: string;
  scopes: string[];
}

/** What a metadata server tells a guest of its own instance. */
export interface InstanceFacts {
  id: string;
  name: string;
  hostname: string;
  zone: string;
  machineType: string;
  cpuPlatform: string;
  preempted: boolean;
  maintenanceEvent: string;
  scheduling: { automaticRestart: boolean; onHostMaintenance: string; preemptible: boolean };
  tags: string[];
  attributes: Record<string, string>;
  disks: { deviceName: string; mode: string; type: string }[];
  networkInterfaces: { ip: string; network: string; mac: string }[];
}

export interface MetadataFacts {
  project: ProjectFacts;
  serviceAccount: ServiceAccountFacts;
  /** Absent for clients on the host, which is no instance. */
  instance?: InstanceFacts;
}

/** Where a metadata server has its facts from. They are read anew for every answer. */
export interface MetadataSource {
  facts(): MetadataFacts;
  /** Calls `listener` after a change. Returns a function that ends this. */
  onChange(listener: () => void): () => void;
}

/** Facts that never change: for the metadata server that client libraries on the host ask. */
export function fixedMetadata(facts: MetadataFacts): MetadataSource {
  return { facts: () => facts, onChange: () => () => {} };
}
