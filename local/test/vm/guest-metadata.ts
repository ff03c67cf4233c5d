import type { MetadataFacts, MetadataSource } from '../../metadata/source.ts';

/** The metadata of a machine with these attributes, which may change. */
export function guestMetadata(attributes: () => Record<string, string>): MetadataSource {
  const facts = (): MetadataFacts => ({
    project: { projectId: 'test-project', numericProjectId: '1', attributes: {} },
    serviceAccount: { email: 'vm@test-project.iam.gserviceaccount.com', scopes: [] },
    instance: {
      id: '1',
      name: 'machine',
      hostname: 'machine',
      zone: 'us-east4-c',
      machineType: 'c4d-highcpu-32',
      cpuPlatform: 'AMD Turin',
      preempted: false,
      maintenanceEvent: 'NONE',
      scheduling: { automaticRestart: false, onHostMaintenance: 'TERMINATE', preemptible: false },
      tags: [],
      attributes: attributes(),
      disks: [],
      networkInterfaces: [],
    },
  });
  return { facts, onChange: () => () => {} };
}
