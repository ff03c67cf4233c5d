import type { InstancesClient, protos } from '@google-cloud/compute';
import type { Storage } from '@google-cloud/storage';
import { memoizeAsync } from '../memoize-async.ts';
import type { Clock } from '../ports/clock.ts';
import type { Instance, InstanceFacts, InstanceStatus, StartResult } from '../ports/instance.ts';
import type { RestEndpoint } from './endpoints.ts';
import { domainError, httpStatus } from './errors.ts';
import { type Operation, throwFailure, untilDone } from './operations.ts';
import { withTimeout } from './with-timeout.ts';

/** A call that is answered with an operation. */
type Mutation = (instances: InstancesClient) => Promise<[{ latestResponse: unknown }, ...unknown[]]>;

export interface InstanceOptions {
  project: string;
  zone: string;
  name: string;
  /** Absent: Google Cloud. */
  endpoint: RestEndpoint | undefined;
  /** Another client's, so that a process looks for credentials and fetches a token once. */
  auth?: Storage['authClient'];
  clock: Clock;
  /** How long an operation may take before the call counts as failed for now. */
  operationDeadlineMs?: number;
}

/** https://cloud.google.com/compute/docs/instances/spot: no live migration, and the old flag agrees with the model. */
const SPOT = { provisioningModel: 'SPOT', preemptible: true, onHostMaintenance: 'TERMINATE' };
/** What was taken from an instance when it became a Spot one. */
const STANDARD = { provisioningModel: 'STANDARD', preemptible: false, onHostMaintenance: 'MIGRATE' };

/** A writer in between changes the fingerprint; so many times in a row is no coincidence. */
const FINGERPRINT_TRIES = 5;
const FIVE_MINUTES_MS = 300_000;
/** The server holds the call for up to two minutes. */
const WAIT_MS = 150_000;

/** One Compute Engine instance through the official client (https://cloud.google.com/compute/docs/reference/rest/v1/instances). */
export function computeInstance(options: InstanceOptions): Instance {
  const { project, zone, name, endpoint, auth, clock, operationDeadlineMs = FIVE_MINUTES_MS } = options;
  const access = { ...endpoint, ...(auth && { auth }) };
  // Loaded at the first call: an event that is refused makes none.
  const instancesClient = memoizeAsync(async () => {
    const { InstancesClient } = await import('@google-cloud/compute');
    return new InstancesClient({ ...access });
  });
  const operationsClient = memoizeAsync(async () => {
    const { ZoneOperationsClient } = await import('@google-cloud/compute');
    return new ZoneOperationsClient({ ...access });
  });
  const target = { project, zone, instance: name };
  const subject = (action: string) => `${action} instance ${name} in ${zone}`;

  return {
    name,
    zone,

    async read() {
      const [instance] = await call('read', (instances) => instances.get(target));
      return factsOf(instance);
    },

    async setMetadata(items) {
      for (let tries = 1; ; tries += 1) {
        const [instance] = await call('read', (instances) => instances.get(target));
        const current = itemsOf(instance.metadata);
        if (Object.entries(items).every(([key, value]) => current[key] === value)) return;
        const metadata = {
          items: Object.entries({ ...current, ...items }).map(([key, value]) => ({ key, value })),
          fingerprint: instance.metadata?.fingerprint ?? '',
        };
        try {
          await done('set the metadata of', (instances) =>
            instances.setMetadata({ ...target, metadataResource: metadata }),
          );
          return;
        } catch (error) {
          if (httpStatus((error as Error).cause) !== 412 || tries === FINGERPRINT_TRIES) throw error;
        }
      }
    },

    async setMachineType(machineType) {
      const resource = { machineType: `zones/${zone}/machineTypes/${machineType}` };
      await done('set the machine type of', (instances) =>
        instances.setMachineType({ ...target, instancesSetMachineTypeRequestResource: resource }),
      );
    },

    async setScheduling(wanted) {
      const [{ scheduling: current }] = await call('read', (instances) => instances.get(target));
      const scheduling = {
        ...current,
        maxRunDuration: { seconds: wanted.maxRunSeconds },
        instanceTerminationAction: 'STOP',
        automaticRestart: false,
        ...(wanted.isSpot ? SPOT : isSpot(current) && STANDARD),
      };
      await done('set the scheduling of', (instances) =>
        instances.setScheduling({ ...target, schedulingResource: scheduling }),
      );
    },

    async start(requestId): Promise<StartResult> {
      const operation = await finished('start', (instances) => instances.start({ ...target, requestId }));
      const [error] = operation.error?.errors ?? [];
      if (!error) return { started: true };
      return { started: false, error: error.code ?? 'UNKNOWN', message: error.message ?? '' };
    },

    async stop(requestId) {
      await call('stop', (instances) => instances.stop({ ...target, requestId }));
    },

    async serialOutput() {
      const [output] = await call('read the serial console of', (instances) =>
        instances.getSerialPortOutput({ ...target, port: 1 }),
      );
      return output.contents ?? '';
    },
  };

  async function call<T>(
    action: string,
    request: (instances: InstancesClient) => Promise<T>,
    milliseconds?: number,
  ): Promise<T> {
    const instances = await instancesClient();
    try {
      return await withTimeout(subject(action), () => request(instances), milliseconds);
    } catch (error) {
      throw domainError(error, subject(action));
    }
  }

  /** Issues a call and waits until its operation is DONE; an error of the operation is thrown. */
  async function done(action: string, request: Mutation) {
    throwFailure(subject(action), await finished(action, request));
  }

  async function finished(action: string, request: Mutation): Promise<Operation> {
    const [response] = await call(action, request);
    return untilDone(response.latestResponse as Operation, {
      clock,
      deadlineMs: operationDeadlineMs,
      late: ({ name }) => `${subject(action)}: operation ${name} is not done yet. Looked at again later.`,
      wait: async (operation) => {
        const request = async () => (await operationsClient()).wait({ project, zone, operation });
        const [looked] = await call(`wait for the operation that would ${action}`, request, WAIT_MS);
        return looked;
      },
    });
  }
}

function isSpot(scheduling: protos.google.cloud.compute.v1.IScheduling | null | undefined): boolean {
  return scheduling?.provisioningModel === 'SPOT';
}

function factsOf(instance: protos.google.cloud.compute.v1.IInstance): InstanceFacts {
  const seconds = Number(instance.scheduling?.maxRunDuration?.seconds ?? 0);
  return {
    status: instance.status as InstanceStatus,
    machineType: instance.machineType?.split('/').at(-1) ?? '',
    metadata: itemsOf(instance.metadata),
    labels: instance.labels ?? {},
    isSpot: isSpot(instance.scheduling),
    ...(seconds > 0 && { maxRunSeconds: seconds }),
    ...(instance.lastStartTimestamp && { lastStartedAt: instance.lastStartTimestamp }),
    ...(instance.lastStopTimestamp && { lastStoppedAt: instance.lastStopTimestamp }),
  };
}

function itemsOf(
  metadata: protos.google.cloud.compute.v1.IMetadata | null | undefined,
): Record<string, string> {
  return Object.fromEntries((metadata?.items ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
}
