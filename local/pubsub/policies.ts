import { createHash } from 'node:crypto';
import { conflict, notFound } from '../http/api-error.ts';
import type { ResourceFile } from './resource-file.ts';

/** An IAM policy (https://cloud.google.com/iam/docs/reference/rest/v1/Policy). */
export interface Policy {
  version?: number;
  bindings?: { role: string; members: string[] }[];
  etag?: string;
}

/** The IAM policies of topics and subscriptions: kept and given back, but nobody is refused anything by them. */
export class Policies {
  readonly #file: ResourceFile;

  constructor(file: ResourceFile) {
    this.#file = file;
  }

  get(resource: string): Policy {
    this.#check(resource);
    return withEtag(this.#file.value.policies[resource] ?? { version: 1 });
  }

  set(resource: string, policy: Policy): Policy {
    const current = this.get(resource);
    if (policy.etag && policy.etag !== current.etag)
      throw conflict(`The policy of ${resource} has changed meanwhile: read it again and repeat the change.`);
    this.#file.value.policies[resource] = policy;
    this.#file.save();
    return withEtag(policy);
  }

  /** Everybody may do everything here. */
  test(resource: string, permissions: string[]): string[] {
    this.#check(resource);
    return permissions;
  }

  #check(resource: string): void {
    const { topics, subscriptions } = this.#file.value;
    if (!topics[resource] && !subscriptions[resource])
      throw notFound(`${resource} does not exist, so it has no IAM policy.`);
  }
}

function withEtag({ etag: _, ...policy }: Policy): Policy {
  return {
    ...policy,
    etag: createHash('sha256').update(JSON.stringify(policy)).digest('base64').slice(0, 12),
  };
}
