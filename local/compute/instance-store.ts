import { join } from 'node:path';
import { StateFile } from '../core/state-file.ts';
import { notFound } from '../http/api-error.ts';
import type { Instance } from './instance.ts';
import { resourcePath } from './links.ts';

/** The instances of a project, on disk. Whoever changes one calls `save`. */
export class InstanceStore {
  readonly project: string;
  readonly #file: StateFile<{ nextId: number; instances: Instance[] }>;
  readonly #listeners = new Set<() => void>();

  constructor(stateDir: string, project: string) {
    this.project = project;
    this.#file = new StateFile(join(stateDir, 'instances.json'), { nextId: 1, instances: [] });
  }

  list(): Instance[] {
    return this.#file.value.instances;
  }

  find(zone: string, name: string): Instance | undefined {
    return this.list().find((each) => each.zone === zone && (each.name === name || each.id === name));
  }

  get(zone: string, name: string): Instance {
    const found = this.find(zone, name);
    if (found) return found;
    throw notFound(`The resource '${resourcePath(this.project, zone, 'instances', name)}' was not found`);
  }

  add(instance: Omit<Instance, 'id'>): Instance {
    const state = this.#file.value;
    const added = { id: String(4_000_000_000_000_000 + state.nextId++), ...instance };
    state.instances.push(added);
    this.save();
    return added;
  }

  remove(instance: Instance): void {
    const state = this.#file.value;
    state.instances = state.instances.filter((each) => each !== instance);
    this.save();
  }

  save(): void {
    this.#file.save();
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after every change of any instance. Returns a function that ends this. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
