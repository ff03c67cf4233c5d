import type { protos } from '@google-cloud/compute';
import type { Instance, InstanceFacts, InstanceStatus, Scheduling, StartResult } from '../ports/instance.ts';
import { type ComputeInstance, ComputeZone, type ComputeZoneOptions, metadataOf } from './compute-zone.ts';

export interface InstanceOptions extends ComputeZoneOptions {
  name: string;
}

/** https://cloud.google.com/compute/docs/instances/spot: no live migration, and the old flag agrees with the model. */
const SPOT = { provisioningModel: 'SPOT', preemptible: true, onHostMaintenance: 'TERMINATE' };
/** Restores what the change to Spot took away. */
const STANDARD = { provisioningModel: 'STANDARD', preemptible: false, onHostMaintenance: 'MIGRATE' };

/** One Compute Engine instance through the official client. */
export function computeInstance({ name, ...options }: InstanceOptions): Instance {
  return new ZoneInstance(name, options.zone, new ComputeZone(options));
}

class ZoneInstance implements Instance {
  readonly name: string;
  readonly zone: string;
  readonly #compute: ComputeZone;

  constructor(name: string, zone: string, compute: ComputeZone) {
    this.name = name;
    this.zone = zone;
    this.#compute = compute;
  }

  async read(): Promise<InstanceFacts> {
    return factsOf(await this.#compute.get(this.name));
  }

  async setMetadata(items: Record<string, string>, version: string): Promise<void> {
    await this.#compute.changeMetadata(this.name, items, version);
  }

  async setMachineType(machineType: string): Promise<void> {
    const resource = { machineType: `zones/${this.zone}/machineTypes/${machineType}` };
    await this.#compute.change('set the machine type of', this.name, (instances, target) =>
      instances.setMachineType({ ...target, instancesSetMachineTypeRequestResource: resource }),
    );
  }

  async setScheduling({ maxRunSeconds, isSpot: wantsSpot }: Scheduling): Promise<void> {
    const { scheduling: current } = await this.#compute.get(this.name);
    const schedulingResource = {
      ...current,
      maxRunDuration: { seconds: maxRunSeconds },
      instanceTerminationAction: 'STOP',
      automaticRestart: false,
      ...(wantsSpot ? SPOT : isSpot(current) && STANDARD),
    };
    await this.#compute.change('set the scheduling of', this.name, (instances, target) =>
      instances.setScheduling({ ...target, schedulingResource }),
    );
  }

  async start(requestId: string): Promise<StartResult> {
    const operation = await this.#compute.perform('start', this.name, (instances, target) =>
      instances.start({ ...target, requestId }),
    );
    const [error] = operation.error?.errors ?? [];
    if (!error) return { started: true };
    return { started: false, error: error.code ?? 'UNKNOWN', message: error.message ?? '' };
  }

  async stop(requestId: string): Promise<void> {
    await this.#compute.call('stop', this.name, (instances, target) =>
      instances.stop({ ...target, requestId }),
    );
  }

  async serialOutput(): Promise<string> {
    const [output] = await this.#compute.call('read the serial console of', this.name, (instances, target) =>
      instances.getSerialPortOutput({ ...target, port: 1 }),
    );
    return output.contents ?? '';
  }
}

function isSpot(scheduling: protos.google.cloud.compute.v1.IScheduling | null | undefined): boolean {
  return scheduling?.provisioningModel === 'SPOT';
}

function factsOf(instance: ComputeInstance): InstanceFacts {
  const seconds = Number(instance.scheduling?.maxRunDuration?.seconds ?? 0);
  return {
    status: instance.status as InstanceStatus,
    machineType: instance.machineType?.split('/').at(-1) ?? '',
    metadata: metadataOf(instance),
    metadataVersion: instance.metadata?.fingerprint ?? '',
    labels: instance.labels ?? {},
    isSpot: isSpot(instance.scheduling),
    ...(seconds > 0 && { maxRunSeconds: seconds }),
    ...(instance.lastStartTimestamp && { lastStartedAt: instance.lastStartTimestamp }),
    ...(instance.lastStopTimestamp && { lastStoppedAt: instance.lastStopTimestamp }),
  };
}
