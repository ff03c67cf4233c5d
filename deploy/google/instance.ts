import { InvalidError, TransientError } from '../../shared/errors.ts';
import { type ComputeInstance, ComputeZone, metadataOf } from '../../shared/google/compute-zone.ts';
import { sha256 } from '../../shared/model/message.ts';
import { type InstanceStatus, isOff } from '../../shared/ports/instance.ts';
import type { Provider } from '../plan/provider.ts';
import type { InstanceProperties, ResourceOf } from '../table/resource.ts';
import { type Connection, restEndpointOf } from './connection.ts';
import { ignoreNotFound } from './with-deadline.ts';

type Vm = ResourceOf<'instance'>;

const SCRIPT = 'startup-script';
/** A new VM follows the CIS Google Cloud benchmark, section 4: SSH keys of people instead of the project, and Shielded VM. */
const SECURE_METADATA = [
  { key: 'enable-oslogin', value: 'TRUE' },
  { key: 'block-project-ssh-keys', value: 'TRUE' },
];
const SHIELDED = { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true };
/** The startup script of a new VM finds no run and powers it off. Debian's first boot takes most of this time. */
const FIRST_BOOT_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 5000;
const MAX_PAUSE_MS = 30_000;

/**
 * The VM (https://cloud.google.com/compute/docs/reference/rest/v1/instances). An existing instance is adopted: only the properties
 * in the table change. It is never deleted, not even to be recreated.
 */
export function instanceProvider(connection: Connection): Provider<'instance'> {
  return new InstanceProvider(connection);
}

class InstanceProvider implements Provider<'instance'> {
  readonly #connection: Connection;
  readonly #compute: ComputeZone;

  constructor(connection: Connection) {
    const { project, zone, clock } = connection;
    this.#connection = connection;
    this.#compute = new ComputeZone({
      project,
      zone,
      clock,
      endpoint: restEndpointOf(connection, 'COMPUTE'),
    });
  }

  async read({ name }: Vm): Promise<InstanceProperties | undefined> {
    const found = await this.#find(name);
    return found && propertiesOf(found);
  }

  /** Compute Engine starts a new instance at once. It powers itself off, because no run is pending. */
  async create(resource: Vm): Promise<void> {
    const { name } = resource;
    await this.#compute.change('create', name, (instances, { project, zone }) =>
      instances.insert({ project, zone, instanceResource: bodyOf(resource, this.#connection) }),
    );
    await this.#untilOff(name);
  }

  async update({ name, properties, input }: Vm, observed: InstanceProperties): Promise<void> {
    const instance = await this.#find(name);
    if (!instance) throw new TransientError(`The instance ${name} was deleted in the meantime.`);
    requireOff(instance);
    if (observed.startupScript !== properties.startupScript)
      await this.#compute.changeMetadata(name, { [SCRIPT]: input.startupScript });
    if (hasOtherScheduling(observed, properties))
      await this.#setScheduling(name, instance, input.runLimitSeconds);
    if (observed.account !== properties.account || `${observed.scopes}` !== `${properties.scopes}`)
      await this.#setAccount(name, properties);
    await this.#setLabels(name, instance, { ...instance.labels, ...properties.labels });
  }

  async requireRemovable({ name }: Vm): Promise<void> {
    const instance = await this.#find(name);
    if (instance) requireOff(instance);
  }

  /** The instance and its disk stay; only our startup script and labels go. */
  async release({ name, properties }: Vm): Promise<void> {
    const instance = await this.#find(name);
    if (!instance) return;
    requireOff(instance);
    await this.#compute.changeMetadata(name, { [SCRIPT]: undefined });
    const others = Object.entries(instance.labels ?? {}).filter(([key]) => !(key in properties.labels));
    await this.#setLabels(name, instance, Object.fromEntries(others));
  }

  #find(name: string): Promise<ComputeInstance | undefined> {
    return ignoreNotFound(`read instance ${name}`, () => this.#compute.get(name));
  }

  async #untilOff(name: string): Promise<void> {
    const { clock } = this.#connection;
    const deadline = clock.now().getTime() + FIRST_BOOT_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      const instance = await this.#find(name);
      if (!instance || isOff(instance.status as InstanceStatus)) return;
      if (clock.now().getTime() > deadline)
        return this.#compute.change('stop', name, (instances, target) => instances.stop(target));
      await clock.sleep(pause);
    }
  }

  #setScheduling(name: string, { scheduling }: ComputeInstance, runLimitSeconds: number): Promise<void> {
    const seconds = Number(scheduling?.maxRunDuration?.seconds ?? 0) || runLimitSeconds;
    const schedulingResource = { ...scheduling, ...schedulingOf(seconds) };
    return this.#compute.change('set the time limit of', name, (instances, target) =>
      instances.setScheduling({ ...target, schedulingResource }),
    );
  }

  #setAccount(name: string, { account, scopes }: InstanceProperties): Promise<void> {
    const request = { email: account, scopes };
    return this.#compute.change('set the account of', name, (instances, target) =>
      instances.setServiceAccount({ ...target, instancesSetServiceAccountRequestResource: request }),
    );
  }

  #setLabels(
    name: string,
    { labelFingerprint }: ComputeInstance,
    labels: Record<string, string>,
  ): Promise<void> {
    const request = { labels, labelFingerprint: labelFingerprint ?? '' };
    return this.#compute.change('set the labels of', name, (instances, target) =>
      instances.setLabels({ ...target, instancesSetLabelsRequestResource: request }),
    );
  }
}

/** Compute Engine changes the limit and the account of a stopped VM only, and a run must not be disturbed. */
function requireOff({ name, status }: ComputeInstance): void {
  if (isOff(status as InstanceStatus)) return;
  throw new InvalidError([
    {
      field: `instance ${name}`,
      problem: `is ${status}; it can be changed only while it is stopped`,
      remedy: 'Wait for its run to end (vicinity status) or stop it, then rerun the command.',
    },
  ]);
}

function propertiesOf(instance: ComputeInstance): InstanceProperties {
  const { scheduling, serviceAccounts, labels } = instance;
  const script = metadataOf(instance)[SCRIPT];
  const [account] = serviceAccounts ?? [];
  return {
    startupScript: script ? sha256(script) : 'none',
    automaticRestart: scheduling?.automaticRestart ?? true,
    runLimit: Number(scheduling?.maxRunDuration?.seconds ?? 0) > 0 ? 'set' : 'none',
    atRunLimit: String(scheduling?.instanceTerminationAction || 'none'),
    account: account?.email ?? 'none',
    scopes: account?.scopes ?? [],
    labels: labels ?? {},
  };
}

function hasOtherScheduling(observed: InstanceProperties, wanted: InstanceProperties): boolean {
  return (['automaticRestart', 'runLimit', 'atRunLimit'] as const).some(
    (key) => observed[key] !== wanted[key],
  );
}

function schedulingOf(seconds: number) {
  return { automaticRestart: false, maxRunDuration: { seconds }, instanceTerminationAction: 'STOP' };
}

function bodyOf({ name, properties, input }: Vm, { project, region }: Connection): ComputeInstance {
  return {
    name,
    machineType: `zones/${input.zone}/machineTypes/${input.machineType}`,
    labels: properties.labels,
    metadata: { items: [{ key: SCRIPT, value: input.startupScript }, ...SECURE_METADATA] },
    shieldedInstanceConfig: SHIELDED,
    scheduling: schedulingOf(input.runLimitSeconds),
    serviceAccounts: [{ email: properties.account, scopes: properties.scopes }],
    disks: [
      {
        boot: true,
        autoDelete: true,
        initializeParams: {
          sourceImage: input.image,
          diskSizeGb: input.diskGb,
          diskType: `projects/${project}/zones/${input.zone}/diskTypes/${input.diskType}`,
        },
      },
    ],
    networkInterfaces: [
      {
        subnetwork: `projects/${project}/regions/${region}/subnetworks/default`,
        accessConfigs: input.externalAddress ? [{ type: 'ONE_TO_ONE_NAT', name: 'External NAT' }] : [],
      },
    ],
  };
}
