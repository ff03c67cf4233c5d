import { notFound } from '../http/api-error.ts';
import type { Policy } from '../iam/policy.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import { policyName } from './access.ts';
import type { ResourceFile } from './resource-file.ts';

/** The IAM policies of topics and subscriptions, as long as those exist. */
export class Policies {
  readonly #file: ResourceFile;
  readonly #book: PolicyBook;

  constructor(file: ResourceFile, book: PolicyBook) {
    this.#file = file;
    this.#book = book;
  }

  get(resource: string): Policy {
    this.#check(resource);
    return this.#book.get(policyName(resource));
  }

  set(resource: string, policy: Policy): Policy {
    this.#check(resource);
    return this.#book.set(policyName(resource), policy);
  }

  /** The resource is gone, and its policy with it. */
  delete(resource: string): void {
    this.#book.delete(policyName(resource));
  }

  #check(resource: string): void {
    const { topics, subscriptions } = this.#file.value;
    if (!topics[resource] && !subscriptions[resource])
      throw notFound(`${resource} does not exist, so it has no IAM policy.`);
  }
}
