import { durationSeconds } from '../../shared/config/duration.ts';
import type { Config } from '../../shared/config/schema.ts';
import { sha256 } from '../../shared/model/message.ts';
import { emailOf, LABELS, VM_ACCOUNT } from './names.ts';
import { idOf, type ResourceOf } from './resource.ts';

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

/**
 * The VM. An existing instance is adopted with its disk, machine type and other metadata; apply sets only these properties. The VM
 * has the rights of its account: the scope alone grants nothing.
 */
export function instance(config: Config, startupScript: string): ResourceOf<'instance'> {
  return {
    kind: 'instance',
    name: config.instance,
    properties: {
      startupScript: sha256(startupScript),
      automaticRestart: false,
      runLimit: 'set',
      atRunLimit: 'STOP',
      account: emailOf(VM_ACCOUNT, config.project),
      scopes: SCOPES,
      labels: LABELS,
    },
    input: {
      zone: config.zone,
      startupScript,
      runLimitSeconds: durationSeconds(config.limits.maxDuration) ?? 0,
      machineType: config.machineTypes[0] ?? 'c4d-highcpu-32',
      image: 'projects/debian-cloud/global/images/family/debian-12',
      // C4D takes Hyperdisk only (https://cloud.google.com/compute/docs/general-purpose-machines#c4d_series).
      diskType: config.vm.disk?.type ?? 'hyperdisk-balanced',
      diskGb: config.vm.disk?.sizeGb ?? 200,
      externalAddress: config.vm.externalAddress || config.vm.staticAddress,
    },
    dependsOn: ['api compute.googleapis.com', idOf({ kind: 'account', name: VM_ACCOUNT })],
    why: 'runs the jobs; off between runs',
  };
}
