import { InstancesClient, type protos } from '@google-cloud/compute';
import { InvalidError, TransientError } from '../../shared/errors.ts';
import { sha256 } from '../../shared/model/message.ts';
import { type InstanceStatus, isOff } from '../../shared/ports/instance.ts';
import type { Provider } from '../plan/provider.ts';
import type { InstanceProperties, ResourceOf } from '../table/resource.ts';
import { type Connection, computeOptions } from './connection.ts';
import { zoneOperations } from './operations.ts';
import { ignoreNotFound } from './with-deadline.ts';

type IInstance = protos.google.cloud.compute.v1.IInstance;
type Vm = ResourceOf<'instance'>;

const SCRIPT = 'startup-script';
/** The startup script of a new VM finds no run and powers it off; most of this is Debian's first boot. */
const FIRST_BOOT_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 5000;
const MAX_PAUSE_MS = 30_000;

/**
 * The VM (https://cloud.google.com/compute/docs/reference/rest/v1/instances). One that exists is adopted as it is: only what makes
 * it ours is set. It is never deleted, neither here nor to be made anew.
 */
export function instanceProvider(connection: Connection): Provider<'instance'> {
  const options = computeOptions(connection);
  const client = new InstancesClient(options);
  const run = zoneOperations(connection);
  const { project, zone, clock } = connection;
  const at = (instance: string) => ({ project, zone, instance });

  return {
    async read({ name }) {
      const found = await find(name);
      return found && propertiesOf(found);
    },
    /** Google starts a new instance at once. It switches itself off, since no run is pending. */
    async create(resource) {
      const { name } = resource;
      await run(`create instance ${name}`, () =>
        client.insert({ project, zone, instanceResource: bodyOf(resource, connection) }),
      );
      await untilOff(name);
    },
    async update(resource, observed) {
      const { name, properties, input } = resource;
      const instance = await find(name);
      if (!instance) throw new TransientError(`The instance ${name} has gone in the meantime.`);
      requireOff(instance);
      if (observed.startupScript !== properties.startupScript)
        await setMetadata(name, instance, { [SCRIPT]: input.startupScript });
      if (hasOtherScheduling(observed, properties))
        await setScheduling(name, instance, input.runLimitSeconds);
      if (observed.account !== properties.account || `${observed.scopes}` !== `${properties.scopes}`)
        await setAccount(name, properties);
      await setLabels(name, instance, { ...instance.labels, ...properties.labels });
    },
    async requireRemovable({ name }) {
      const instance = await find(name);
      if (instance) requireOff(instance);
    },
    /** It stays, with its disk; it only forgets us. */
    async remove({ name, properties }) {
      const instance = await find(name);
      if (!instance) return;
      requireOff(instance);
      await setMetadata(name, instance, { [SCRIPT]: undefined });
      const others = Object.entries(instance.labels ?? {}).filter(([key]) => !(key in properties.labels));
      await setLabels(name, instance, Object.fromEntries(others));
    },
  };

  async function find(name: string): Promise<IInstance | undefined> {
    return (await ignoreNotFound(`read instance ${name}`, () => client.get(at(name))))?.[0];
  }

  async function untilOff(name: string): Promise<void> {
    const deadline = clock.now().getTime() + FIRST_BOOT_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      const instance = await find(name);
      if (!instance || isOff(instance.status as InstanceStatus)) return;
      if (clock.now().getTime() > deadline) return run(`stop instance ${name}`, () => client.stop(at(name)));
      await clock.sleep(pause);
    }
  }

  function setMetadata(name: string, { metadata }: IInstance, items: Record<string, string | undefined>) {
    const kept = (metadata?.items ?? []).filter(({ key }) => !(key && key in items));
    const set = Object.entries(items).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value }],
    );
    const metadataResource = { fingerprint: metadata?.fingerprint ?? '', items: [...kept, ...set] };
    return run(`set the metadata of ${name}`, () => client.setMetadata({ ...at(name), metadataResource }));
  }

  function setScheduling(name: string, { scheduling }: IInstance, runLimitSeconds: number) {
    const seconds = Number(scheduling?.maxRunDuration?.seconds ?? 0) || runLimitSeconds;
    const schedulingResource = { ...scheduling, ...schedulingOf(seconds) };
    return run(`set the time limit of ${name}`, () =>
      client.setScheduling({ ...at(name), schedulingResource }),
    );
  }

  function setAccount(name: string, { account, scopes }: InstanceProperties) {
    const request = { email: account, scopes };
    return run(`set the account of ${name}`, () =>
      client.setServiceAccount({ ...at(name), instancesSetServiceAccountRequestResource: request }),
    );
  }

  function setLabels(name: string, { labelFingerprint }: IInstance, labels: Record<string, string>) {
    const request = { labels, labelFingerprint: labelFingerprint ?? '' };
    return run(`set the labels of ${name}`, () =>
      client.setLabels({ ...at(name), instancesSetLabelsRequestResource: request }),
    );
  }
}

/** Compute Engine changes limit and account of a stopped VM only; and a run is not to be disturbed. */
function requireOff({ name, status }: IInstance): void {
  if (isOff(status as InstanceStatus)) return;
  throw new InvalidError([
    {
      field: `instance ${name}`,
      problem: `is ${status}, and is changed only while it is off`,
      remedy: 'Wait for its run to end (vicinity status), or stop it, then repeat.',
    },
  ]);
}

function propertiesOf(instance: IInstance): InstanceProperties {
  const { metadata, scheduling, serviceAccounts, labels } = instance;
  const script = metadata?.items?.find(({ key }) => key === SCRIPT)?.value;
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

function bodyOf({ name, properties, input }: Vm, { project, region }: Connection): IInstance {
  return {
    name,
    machineType: `zones/${input.zone}/machineTypes/${input.machineType}`,
    labels: properties.labels,
    metadata: { items: [{ key: SCRIPT, value: input.startupScript }] },
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
    // Its own address, for packages from the Internet; nothing on it listens for anybody.
    networkInterfaces: [
      {
        subnetwork: `projects/${project}/regions/${region}/subnetworks/default`,
        accessConfigs: [{ type: 'ONE_TO_ONE_NAT', name: 'External NAT' }],
      },
    ],
  };
}
