import { InvalidError } from '../../shared/errors.ts';
import { mapConcurrent } from '../../shared/map-concurrent.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { idOf, type Kind, type Resource, type ResourceOf } from '../table/resource.ts';
import { levels } from './levels.ts';
import { type Change, changeOf, read } from './plan.ts';
import { type Providers, providerOf } from './provider.ts';
import { retryWindow } from './retry-window.ts';

/** Called for every resource: before it changes, when it has to wait, and when it matches the table. */
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

/** Some resources could not be changed to match the table. Completed changes stay. */
export class ApplyError extends Error {
  override readonly name = 'ApplyError';
}

const FIRST_PAUSE_MS = 2000;
const MAX_PAUSE_MS = 30_000;
const MAX_CONCURRENT = 4;

/**
 * Changes the cloud to match the table, in order of dependency. Each resource is read when its turn comes, so a second `apply` does
 * nothing, and one after a crash continues. Resources that do not depend on a failed one are still applied. Returns the changes;
 * throws ApplyError with every failure.
 */
export async function apply(options: ApplyOptions): Promise<Change[]> {
  const run = new Apply(options);
  for (const level of levels(options.table))
    await mapConcurrent(MAX_CONCURRENT, level, (resource) => run.apply(resource));
  return run.result();
}

class Apply {
  readonly #options: ApplyOptions;
  readonly #changes: Change[] = [];
  readonly #failures = new Map<string, Error>();
  readonly #skipped = new Set<string>();
  /** The last change of the resource or of anything that it depends on, in milliseconds since the epoch. */
  readonly #changedAt = new Map<string, number>();

  constructor(options: ApplyOptions) {
    this.#options = options;
  }

  async apply(resource: Resource): Promise<void> {
    const id = idOf(resource);
    if (resource.dependsOn.some((each) => this.#failures.has(each) || this.#skipped.has(each))) {
      this.#skipped.add(id);
      return;
    }
    try {
      const change = await this.#untilApplied(resource);
      if (change.action !== 'none') {
        this.#changes.push(change);
        this.#changedAt.set(id, this.#now());
      }
      this.#options.observer.onChange(change);
    } catch (error) {
      this.#failures.set(id, error as Error);
    }
  }

  result(): Change[] {
    if (this.#failures.size > 0) throw applyError(this.#failures, [...this.#skipped]);
    return this.#changes;
  }

  async #untilApplied(resource: Resource): Promise<Change> {
    const { clock, observer } = this.#options;
    const begun = this.#now();
    const dependencyChanged = this.#lastChangeOf(resource.dependsOn);
    if (dependencyChanged !== undefined) this.#changedAt.set(idOf(resource), dependencyChanged);
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      try {
        return await this.#applyOnce(resource);
      } catch (error) {
        const until = retryWindow(error, { begun, dependencyChanged });
        if (until === undefined || this.#now() + pause > until) throw error;
        observer.waiting(resource, error as Error);
        await clock.sleep(pause);
      }
    }
  }

  async #applyOnce(resource: Resource): Promise<Change> {
    const { providers, observer } = this.#options;
    const observed = await read(providers, resource);
    const change = changeOf(resource, observed);
    if (change.action === 'none') return change;
    observer.started(change);
    await (change.action === 'create' ? this.#create(resource) : this.#update(resource, observed));
    return change;
  }

  #create<K extends Kind>(resource: ResourceOf<K>): Promise<void> {
    return providerOf(this.#options.providers, resource).create(resource);
  }

  #update<K extends Kind>(resource: ResourceOf<K>, observed: unknown): Promise<void> {
    const provider = providerOf(this.#options.providers, resource);
    return provider.update(resource, observed as ResourceOf<K>['properties']);
  }

  #lastChangeOf(ids: readonly string[]): number | undefined {
    const times = ids.flatMap((id) => this.#changedAt.get(id) ?? []);
    return times.length > 0 ? Math.max(...times) : undefined;
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }
}

function applyError(failures: Map<string, Error>, skipped: string[]): ApplyError {
  const lines = [...failures].map(([id, error]) =>
    error instanceof InvalidError ? error.message : `${id}: ${error.message}`,
  );
  if (skipped.length > 0) lines.push(`Skipped, because a dependency failed: ${skipped.join(', ')}.`);
  lines.push('Completed changes stay. Fix this, then rerun vicinity deploy apply to continue.');
  const [cause] = failures.values();
  return new ApplyError(lines.join('\n'), { cause });
}
