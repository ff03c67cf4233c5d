import { StateFile } from '../core/state-file.ts';
import { type ApiError, aborted } from '../http/api-error.ts';
import { checkedPolicy, type Policy, shown } from './policy.ts';

/** The policies of every resource that has one, by its full name (`//pubsub.googleapis.com/projects/p/topics/t`), on disk. */
export class PolicyBook {
  readonly #file: StateFile<Record<string, Policy>>;
  readonly #check: (policy: Policy) => void;

  /** `check` throws where a policy names what does not exist. */
  constructor(path: string, check: (policy: Policy) => void = () => {}) {
    this.#file = new StateFile(path, {});
    this.#check = check;
  }

  get(resource: string): Policy {
    return shown(this.#file.value[resource] ?? {});
  }

  /** Replaces the policy. With the etag of another one, it throws what `changed` gives: 409 unless told. */
  set(resource: string, policy: Policy, changed = concurrentChange): Policy {
    if (policy.etag && policy.etag !== this.get(resource).etag) throw changed();
    const checked = checkedPolicy(policy);
    this.#check(checked);
    this.#file.value[resource] = checked;
    this.#file.save();
    return this.get(resource);
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
