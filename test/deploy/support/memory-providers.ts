import type { Provider, Providers } from '../../../deploy/plan/provider.ts';
import { idOf, type Json, type Kind, type ResourceOf } from '../../../deploy/table/resource.ts';

/** A cloud that holds what it is given. Its next calls fail as told, before or after they have had their effect. */
export class MemoryProviders {
  readonly things = new Map<string, Json>();
  readonly calls: string[] = [];
  /** Asked before every call; an error that it gives is thrown, after the effect where `after` says so. */
  fault: (call: string) => { error: Error; after?: boolean } | undefined = () => undefined;

  providers(): Providers {
    const provider = this.#provider();
    const kinds: Kind[] = [
      'api',
      'account',
      'role',
      'bucket',
      'topic',
      'secret',
      'instance',
      'function',
      'grants',
      'subscription',
      'schedule',
    ];
    return Object.fromEntries(kinds.map((kind) => [kind, provider])) as unknown as Providers;
  }

  #provider<K extends Kind>(): Provider<K> {
    const put = (verb: string) => (resource: ResourceOf<K>) =>
      this.#call(`${verb} ${idOf(resource)}`, () => {
        this.things.set(idOf(resource), structuredClone(resource.properties) as unknown as Json);
      });
    return {
      read: (resource) =>
        this.#call(`read ${idOf(resource)}`, () => this.things.get(idOf(resource)) as never),
      create: put('create'),
      update: put('update'),
      remove: (resource) =>
        this.#call(`remove ${idOf(resource)}`, () => {
          this.things.delete(idOf(resource));
        }),
    };
  }

  async #call<T>(call: string, effect: () => T): Promise<T> {
    this.calls.push(call);
    const fault = this.fault(call);
    if (fault && !fault.after) throw fault.error;
    const result = effect();
    if (fault) throw fault.error;
    return result;
  }

  changes(): string[] {
    return this.calls.filter((call) => !call.startsWith('read '));
  }
}
