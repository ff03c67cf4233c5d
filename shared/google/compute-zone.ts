import type { InstancesClient, protos } from '@google-cloud/compute';
import type { Storage } from '@google-cloud/storage';
import { triedAgainLater } from '../errors.ts';
import { memoizeAsync } from '../memoize-async.ts';
import type { Clock } from '../ports/clock.ts';
import type { RestEndpoint } from './endpoints.ts';
import { domainError, httpStatus } from './errors.ts';
import { type Operation, throwFailure, untilDone } from './operations.ts';
import { withTimeout } from './with-timeout.ts';

export type ComputeInstance = protos.google.cloud.compute.v1.IInstance;

export interface ComputeZoneOptions {
  project: string;
  zone: string;
  /** Absent: Google Cloud. */
  endpoint: RestEndpoint | undefined;
  /** Another client's authentication, so that a process looks for credentials and fetches a token once. */
  auth?: Storage['authClient'];
  clock: Clock;
  /** How long an operation may take before the call fails as transient. */
  operationDeadlineMs?: number;
}

/** Identifies one instance in requests. */
export interface InstanceTarget {
  project: string;
  zone: string;
  instance: string;
}

/** A call that Compute Engine answers with an operation. */
export type Mutation = (
  instances: InstancesClient,
  target: InstanceTarget,
) => Promise<[{ latestResponse: unknown }, ...unknown[]]>;

/** A concurrent writer changes the fingerprint; that many conflicts in a row are no coincidence. */
const FINGERPRINT_TRIES = 5;
const FIVE_MINUTES_MS = 300_000;
/** The server holds `wait` for up to two minutes. */
const WAIT_MS = 150_000;

/**
 * The instances of a zone through Google's client: one call, its operation, and errors as ours (see `domainError`). The control
 * plane's Instance and the deploy program's provider are both built on it.
 * https://cloud.google.com/compute/docs/reference/rest/v1/instances
 */
export class ComputeZone {
  readonly #options: ComputeZoneOptions;
  // Loaded on first use: a refused event makes no call.
  readonly #instances = memoizeAsync(async () => {
    const { InstancesClient } = await import('@google-cloud/compute');
    return new InstancesClient(this.#access());
  });
  readonly #operations = memoizeAsync(async () => {
    const { ZoneOperationsClient } = await import('@google-cloud/compute');
    return new ZoneOperationsClient(this.#access());
  });

  constructor(options: ComputeZoneOptions) {
    this.#options = options;
  }

  async get(name: string): Promise<ComputeInstance> {
    const [instance] = await this.call('read', name, (instances, target) => instances.get(target));
    return instance;
  }

  /** One call. `action` and the instance's name are the subject of its errors. */
  async call<T>(
    action: string,
    name: string,
    request: (instances: InstancesClient, target: InstanceTarget) => Promise<T>,
  ): Promise<T> {
    const { project, zone } = this.#options;
    const instances = await this.#instances();
    return this.#answer(this.#subject(action, name), () =>
      request(instances, { project, zone, instance: name }),
    );
  }

  /** Issues a call and waits until its operation is DONE. Throws the operation's error. */
  async change(action: string, name: string, mutation: Mutation): Promise<void> {
    throwFailure(this.#subject(action, name), await this.perform(action, name, mutation));
  }

  /** Issues a call and returns its operation, which is DONE and may hold an error. */
  async perform(action: string, name: string, mutation: Mutation): Promise<Operation> {
    const { clock, operationDeadlineMs: deadlineMs = FIVE_MINUTES_MS } = this.#options;
    const subject = this.#subject(action, name);
    const [response] = await this.call(action, name, mutation);
    return untilDone(response.latestResponse as Operation, {
      clock,
      deadlineMs,
      late: (operation) =>
        `${subject}: operation ${operation.name} is not done after ${deadlineMs / 1000} s.`,
      wait: (operation) => this.#wait(subject, operation),
    });
  }

  /**
   * Sets metadata items, removes those that are undefined, and keeps all others, also against a concurrent writer. With
   * `fingerprint`, throws TransientError where the metadata has changed since that was read.
   */
  async changeMetadata(
    name: string,
    items: Record<string, string | undefined>,
    fingerprint?: string,
  ): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const { metadata } = await this.get(name);
      const current = metadataOf({ metadata: metadata ?? null });
      if (Object.entries(items).every(([key, value]) => current[key] === value)) return;
      if (fingerprint !== undefined && metadata?.fingerprint !== fingerprint)
        throw triedAgainLater(`The metadata of instance ${name} has changed in the meantime.`);
      const metadataResource = {
        fingerprint: metadata?.fingerprint ?? '',
        items: Object.entries({ ...current, ...items }).flatMap(([key, value]) =>
          value === undefined ? [] : [{ key, value }],
        ),
      };
      try {
        return await this.change('set the metadata of', name, (instances, target) =>
          instances.setMetadata({ ...target, metadataResource }),
        );
      } catch (error) {
        if (httpStatus((error as Error).cause) !== 412 || tries === FINGERPRINT_TRIES) throw error;
      }
    }
  }

  async #wait(subject: string, operation: string): Promise<Operation> {
    const { project, zone } = this.#options;
    const operations = await this.#operations();
    const request = () => operations.wait({ project, zone, operation });
    const [looked] = await this.#answer(`wait for the operation that would ${subject}`, request, WAIT_MS);
    return looked;
  }

  async #answer<T>(subject: string, request: () => Promise<T>, timeoutMs?: number): Promise<T> {
    try {
      return await withTimeout(subject, request, timeoutMs, this.#options.clock);
    } catch (error) {
      throw domainError(error, subject);
    }
  }

  #subject(action: string, name: string): string {
    return `${action} instance ${name} in ${this.#options.zone}`;
  }

  #access() {
    const { endpoint, auth } = this.#options;
    return { ...endpoint, ...(auth && { auth }) };
  }
}

export function metadataOf({ metadata }: Pick<ComputeInstance, 'metadata'>): Record<string, string> {
  return Object.fromEntries((metadata?.items ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
}
