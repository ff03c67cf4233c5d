import { join } from 'node:path';
import type { Cloud } from '../../cloud.ts';
import type { Binding } from '../../iam/policy.ts';
import { startEmptyCloud, workFolder } from '../cloud/test-cloud.ts';

export const BUCKET = 'guarded-bucket';
export const TOPIC = 'projects/test-project/topics/guarded';
export const INSTANCE = 'compute/v1/projects/test-project/zones/us-east4-c/instances/guarded';
/** An account that was granted nothing but what the test grants it. */
export const EMAIL = 'test-test@test-project.iam.gserviceaccount.com';
export const MEMBER = `serviceAccount:${EMAIL}`;

export interface Answer {
  status: number;
  text: string;
  /** Of a refusal. */
  message: string;
}

export interface GuardedCloud extends AsyncDisposable {
  cloud: Cloud;
  /** One call with the account's token; `anonymous` is the owner, who sends none. */
  call(service: Service, method: string, path: string, body?: object | string, as?: string): Promise<Answer>;
  owner(service: Service, method: string, path: string, body?: object | string): Promise<Answer>;
  /** Adds bindings to the policy of a resource, by its full name. */
  grant(resource: string, ...bindings: Binding[]): void;
}

type Service = 'storage' | 'pubsub' | 'compute' | 'scheduler' | 'management' | 'functions';

/** A cloud that enforces permissions, with a bucket, a topic, a VM and the account. */
export async function startGuardedCloud(): Promise<GuardedCloud> {
  const work = workFolder();
  const options = { stateDir: join(work.path, 'state'), functionsDir: work.functionsDir };
  const cloud = await startEmptyCloud({ ...options, iam: true });
  const { directory, services } = cloud.project;
  services.enableAll();
  directory.accounts.create('test-test', {});
  cloud.storage.ensureBucket(BUCKET);
  cloud.pubsub.ensureTopic(TOPIC);
  cloud.compute.define('us-east4-c', {
    name: 'guarded',
    machineType: 'zones/us-east4-c/machineTypes/e2-small',
    serviceAccounts: [{ email: EMAIL, scopes: [] }],
  });
  return {
    cloud,
    call: (service, method, path, body, as = EMAIL) =>
      send(service, method, path, body, `Bearer ya29.local.${as}`),
    owner: (service, method, path, body) => send(service, method, path, body),
    grant(resource, ...bindings) {
      const { bindings: before = [] } = directory.policies.get(resource);
      directory.policies.set(resource, { version: 3, bindings: [...before, ...bindings] });
    },
    async [Symbol.asyncDispose]() {
      await cloud.close();
      work.remove();
    },
  };

  async function send(
    service: Service,
    method: string,
    path: string,
    body?: object | string,
    authorization?: string,
  ): Promise<Answer> {
    const response = await fetch(`${cloud.endpoints[service]}/${path}`, {
      method,
      headers: { ...(authorization && { authorization }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, message: response.ok ? '' : messageIn(text) };
  }
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return text;
  }
}
