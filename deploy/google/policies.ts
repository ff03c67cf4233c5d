import { InstancesClient } from '@google-cloud/compute';
import type { PubSub } from '@google-cloud/pubsub';
import { ProjectsClient } from '@google-cloud/resource-manager';
import { v2 as run } from '@google-cloud/run';
import { storageClient } from '../../shared/google/storage-client.ts';
import { POLICY_VERSION, type Policy } from '../plan/policy.ts';
import { emailOf } from '../table/names.ts';
import type { Target } from '../table/resource.ts';
import { type Connection, computeOptions, restOptions } from './connection.ts';
import { iamClient } from './iam-client.ts';
import { secretsClient } from './secret.ts';

/** The IAM policy of a resource. */
export interface PolicyAccess {
  get(name: string): Promise<Policy>;
  set(name: string, policy: Policy): Promise<void>;
}

/** One per kind of resource: every service has methods of its own for the same thing. */
export type Policies = Record<Target['kind'], PolicyAccess>;

/** The services' types differ in what may be null; the policy is the same (https://cloud.google.com/iam/docs/reference/rest/v1/Policy). */
const asPolicy = (policy: unknown) => policy as Policy;
const asTheirs = (policy: Policy) => policy as never;
const options = { requestedPolicyVersion: POLICY_VERSION };

export function policies(connection: Connection, pubsub: PubSub): Policies {
  const { project, region } = connection;
  return {
    project: named(
      new ProjectsClient(restOptions(connection, 'RESOURCE_MANAGER')),
      (name) => `projects/${name}`,
    ),
    secret: named(secretsClient(connection), (name) => `projects/${project}/secrets/${name}`),
    // A function of the second generation is a Cloud Run service, and callers invoke that service.
    function: named(
      new run.ServicesClient(restOptions(connection, 'RUN')),
      (name) => `projects/${project}/locations/${region}/services/${name}`,
    ),
    account: accountPolicies(connection),
    bucket: bucketPolicies(connection),
    instance: instancePolicies(connection),
    topic: pubsubPolicies((name) => pubsub.topic(name).iam),
    subscription: pubsubPolicies((name) => pubsub.subscription(name).iam),
  };
}

/** What the generated clients have in common here; their types overload it in different ways. */
interface IamMethods {
  getIamPolicy(request: { resource: string; options: object }): Promise<[Policy, ...unknown[]]>;
  setIamPolicy(request: { resource: string; policy: Policy }): Promise<unknown>;
}

/** Of the clients that take a resource's full name. */
function named(client: object, nameOf: (name: string) => string): PolicyAccess {
  const methods = client as IamMethods;
  return {
    async get(name) {
      return (await methods.getIamPolicy({ resource: nameOf(name), options }))[0];
    },
    async set(name, policy) {
      await methods.setIamPolicy({ resource: nameOf(name), policy });
    },
  };
}

function accountPolicies(connection: Connection): PolicyAccess {
  const { serviceAccounts } = iamClient(connection).projects;
  const { project } = connection;
  const resource = (name: string) => `projects/${project}/serviceAccounts/${emailOf(name, project)}`;
  return {
    async get(name) {
      const request = { resource: resource(name), 'options.requestedPolicyVersion': POLICY_VERSION };
      return asPolicy((await serviceAccounts.getIamPolicy(request)).data);
    },
    async set(name, policy) {
      const request = { resource: resource(name), requestBody: { policy: asTheirs(policy) } };
      await serviceAccounts.setIamPolicy(request);
    },
  };
}

function bucketPolicies({ project }: Connection): PolicyAccess {
  const storage = storageClient(project);
  return {
    async get(name) {
      return asPolicy((await storage.bucket(name).iam.getPolicy(options))[0]);
    },
    async set(name, policy) {
      await storage.bucket(name).iam.setPolicy(asTheirs(policy));
    },
  };
}

function instancePolicies(connection: Connection): PolicyAccess {
  const rest = computeOptions(connection);
  const client = new InstancesClient(rest);
  const { project, zone } = connection;
  return {
    async get(resource) {
      const request = { project, zone, resource, optionsRequestedPolicyVersion: POLICY_VERSION };
      return asPolicy((await client.getIamPolicy(request))[0]);
    },
    async set(resource, policy) {
      const zoneSetPolicyRequestResource = { policy: asTheirs(policy) };
      await client.setIamPolicy({ project, zone, resource, zoneSetPolicyRequestResource });
    },
  };
}

/** Over gRPC, since the REST form that Google's client speaks here is not the one that the service documents. */
function pubsubPolicies(iamOf: (name: string) => ReturnType<PubSub['topic']>['iam']): PolicyAccess {
  return {
    async get(name) {
      return asPolicy((await iamOf(name).getPolicy())[0]);
    },
    async set(name, policy) {
      await iamOf(name).setPolicy(asTheirs(policy));
    },
  };
}
