import { InvalidError, NotFoundError, PermissionError, TransientError } from '../../shared/errors.ts';
import { httpStatus } from '../../shared/google/errors.ts';
import { mapConcurrent } from '../../shared/map-concurrent.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { idOf, type Kind, type Resource, type ResourceOf } from '../table/resource.ts';
import { levels } from './levels.ts';
import { type Change, changeOf, read } from './plan.ts';
import { type Providers, providerOf } from './provider.ts';

/** Told of every resource: before it is changed, when it has to wait, and when it is as it should be. */
export interface ApplyObserver {
  started(change: Change): void;
  waiting(resource: Resource, error: Error): void;
  onChange(change: Change): void;
}

export interface ApplyOptions {
  table: Resource[];
  providers: Providers;
  clock: Clock;
  observer: ApplyObserver;
}

/** Some resources could not be brought to what the table says. What was done stays done. */
export class ApplyError extends Error {
  override readonly name = 'ApplyError';
}

/** New accounts and grants reach every server within about seven minutes (https://cloud.google.com/iam/docs/access-change-propagation). */
const PROPAGATION_MS = 7 * 60_000;
const FIRST_PAUSE_MS = 2000;
const MAX_PAUSE_MS = 30_000;
const AT_ONCE = 4;

/**
 * Brings the cloud to what the table says, in the order of dependency, each resource by what is there when its turn comes: so a
 * repetition does nothing, and one after a crash goes on. What does not depend on a failure is still done. Returns what was changed;
 * throws ApplyError with every failure.
 */
export async function apply({ table, providers, clock, observer }: ApplyOptions): Promise<Change[]> {
  const changed: Change[] = [];
  const failures = new Map<string, Error>();
  const untried: string[] = [];
  /** When something that the resource depends on was last changed. */
  const freshness = new Map<string, number>();
  for (const level of levels(table)) await mapConcurrent(AT_ONCE, level, reconcileResource);
  if (failures.size > 0) throw failed(failures, untried);
  return changed;

  async function reconcileResource(resource: Resource): Promise<void> {
    if (resource.dependsOn.some((id) => failures.has(id) || untried.includes(id))) {
      untried.push(idOf(resource));
      return;
    }
    const fresh = Math.max(...resource.dependsOn.map((id) => freshness.get(id) ?? Number.NEGATIVE_INFINITY));
    freshness.set(idOf(resource), fresh);
    try {
      const change = await untilSettled(resource, fresh);
      if (change.action !== 'none') {
        changed.push(change);
        freshness.set(idOf(resource), clock.now().getTime());
      }
      observer.onChange(change);
    } catch (error) {
      failures.set(idOf(resource), error as Error);
    }
  }

  async function untilSettled(resource: Resource, fresh: number): Promise<Change> {
    const begun = clock.now().getTime();
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      try {
        return await bring(resource);
      } catch (error) {
        const since = mayPass(error) ? begun : isPropagation(error) ? fresh : Number.NEGATIVE_INFINITY;
        if (clock.now().getTime() + pause > since + PROPAGATION_MS) throw error;
        observer.waiting(resource, error as Error);
        await clock.sleep(pause);
      }
    }
  }

  async function bring(resource: Resource): Promise<Change> {
    const observed = await read(providers, resource);
    const change = changeOf(resource, observed);
    if (change.action === 'none') return change;
    observer.started(change);
    await (change.action === 'create' ? create(resource) : update(resource, observed));
    return change;
  }

  function create<K extends Kind>(resource: ResourceOf<K>): Promise<void> {
    return providerOf(providers, resource).create(resource);
  }

  function update<K extends Kind>(resource: ResourceOf<K>, observed: unknown): Promise<void> {
    return providerOf(providers, resource).update(resource, observed as ResourceOf<K>['properties']);
  }
}

/** A fault of the network or a server, or somebody else's change in between: the next look may show another state. */
function mayPass(error: unknown): boolean {
  const status = httpStatus((error as Error).cause);
  return error instanceof TransientError || status === 409 || status === 412;
}

/** What a server says that has not heard yet of a new account or grant. */
function isPropagation(error: unknown): boolean {
  if (error instanceof PermissionError || error instanceof NotFoundError) return true;
  return !(error instanceof InvalidError) && httpStatus((error as Error).cause) === 400;
}

function failed(failures: Map<string, Error>, untried: string[]): ApplyError {
  const lines = [...failures].map(([id, { message }]) => `${id}: ${message}`);
  if (untried.length > 0) lines.push(`Not tried, since they need it: ${untried.join(', ')}.`);
  lines.push('What was done stays done: when this is mended, vicinity deploy apply goes on.');
  const [cause] = failures.values();
  return new ApplyError(lines.join('\n'), { cause });
}
