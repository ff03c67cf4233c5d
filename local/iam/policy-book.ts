import type { CloudClock } from '../core/clock.ts';
import { StateFile } from '../core/state-file.ts';
import { type ApiError, aborted } from '../http/api-error.ts';
import { checkedPolicy, type Policy, shown } from './policy.ts';

/** How long a change is on its way to those who look at it. */
export interface Propagation {
  clock: CloudClock;
  /** Milliseconds, for the next change of the resource's policy. */
  delayMs(resource: string): number;
}

export interface PolicyBookOptions {
  /** Throws where a policy names what does not exist. */
  check?: (policy: Policy) => void;
  /** Absent: a change takes effect at once. */
  propagation?: Propagation;
}

/** The policies of every resource that has one, by its full name (`//pubsub.googleapis.com/projects/p/topics/t`), on disk. */
export class PolicyBook {
  readonly #file: StateFile<Record<string, Policy>>;
  readonly #options: PolicyBookOptions;
  /** What is in effect as long as a change is on its way. */
  readonly #former = new Map<string, Policy>();

  constructor(path: string, options: PolicyBookOptions = {}) {
    this.#file = new StateFile(path, {});
    this.#options = options;
  }

  get(resource: string): Policy {
    return shown(this.#file.value[resource] ?? {});
  }

  /** The policy that counts for who may do what. */
  effective(resource: string): Policy {
    return this.#former.get(resource) ?? this.#file.value[resource] ?? {};
  }

  /** Replaces the policy. With the etag of another one, it throws what `changed` gives: 409 unless told. */
  set(resource: string, policy: Policy, changed = concurrentChange): Policy {
    if (policy.etag && policy.etag !== this.get(resource).etag) throw changed();
    const checked = checkedPolicy(policy);
    this.#options.check?.(checked);
    this.#delay(resource);
    this.#file.value[resource] = checked;
    this.#file.save();
    return this.get(resource);
  }

  #delay(resource: string): void {
    const { propagation } = this.#options;
    const ms = propagation?.delayMs(resource) ?? 0;
    if (!propagation || ms === 0) return;
    this.#former.set(resource, this.effective(resource));
    propagation.clock.after(ms, () => this.#former.delete(resource));
  }

  /** The resource is gone, and its policy with it. */
  delete(resource: string): void {
    if (!this.#file.value[resource]) return;
    delete this.#file.value[resource];
    this.#file.save();
  }

  /** Who is deleted stays in the policies by another name, and one who is made with the old name has nothing of it. */
  renameMember(member: string, name: string): void {
    for (const { bindings = [] } of Object.values(this.#file.value))
      for (const binding of bindings)
        binding.members = binding.members.map((each) => (each === member ? name : each));
    this.#file.save();
  }
}

function concurrentChange(): ApiError {
  return aborted(
    'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
  );
}
