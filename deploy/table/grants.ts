import type { Config } from '../../shared/config/schema.ts';
import { FUNCTIONS } from '../../shared/model/functions.ts';
import { LATEST_RESULTS } from '../../shared/model/layout.ts';
import { TOPICS } from '../../shared/model/topics.ts';
import {
  accountOf,
  CONTROL_ROLE,
  memberOf,
  OPERATIONS_ROLE,
  PUSH_ACCOUNT,
  VM_ACCOUNT,
  WEBHOOK_SECRET,
} from './names.ts';
import { anyOf, below, belowAndListed, without, withoutSuffix, withSuffix } from './object-condition.ts';
import { type Binding, bindingKey, idOf, type ResourceOf, type Target } from './resource.ts';

/** The prefixes that the functions write. Sources and inputs are read-only. */
const FUNCTIONS_WRITE = ['control/', 'runs/', 'results/', 'requests/', 'rejected/', 'state/', 'canary/'];
const VM_READS = ['src/', 'inputs/', 'runs/', 'state/'];
/** The objects below runs/ that the VM creates once. All others, such as final.json, are the functions'. */
const VM_RECORDS = ['/claim.json', '/outcome.json'];

/** Least privilege: each grant is on the resource itself where possible, before the project. Nothing is public. */
export function grants(config: Config, projectNumber: string): ResourceOf<'grants'>[] {
  const { project } = config;
  const functions = FUNCTIONS.map(({ name }) => memberOf(accountOf(name), project));
  const vm = [memberOf(VM_ACCOUNT, project)];
  const push = [memberOf(PUSH_ACCOUNT, project)];
  const pubsub = [`serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`];
  const custom = (role: string) => `projects/${project}/roles/${role}`;

  return [
    on('project', project, 'the functions read the result of operations on the VM', [
      { role: custom(OPERATIONS_ROLE), members: functions },
    ]),
    on('account', VM_ACCOUNT, 'changing the metadata of a VM requires the right to act as its account', [
      { role: 'roles/iam.serviceAccountUser', members: functions },
    ]),
    on('account', PUSH_ACCOUNT, 'Pub/Sub signs its deliveries as this account', [
      { role: 'roles/iam.serviceAccountOpenIdTokenCreator', members: pubsub },
    ]),
    on('bucket', config.bucket, 'the functions write records; the VM reads sources and writes results', [
      { role: 'roles/storage.objectViewer', members: functions },
      {
        role: 'roles/storage.objectUser',
        members: functions,
        condition: below('records', config.bucket, FUNCTIONS_WRITE),
      },
      {
        role: 'roles/storage.objectUser',
        members: [memberOf(accountOf('sweep-runs'), project)],
        condition: below('superseded', config.bucket, ['src/', 'inputs/']),
      },
      {
        role: 'roles/storage.objectViewer',
        members: vm,
        condition: belowAndListed('vm-reads', config.bucket, VM_READS),
      },
      {
        // Without objects.delete, the VM cannot overwrite a claim, an outcome or saved state.
        role: 'roles/storage.objectCreator',
        members: vm,
        condition: {
          title: 'vm-creates',
          expression: anyOf([
            withSuffix(config.bucket, 'runs/', VM_RECORDS),
            withoutSuffix(config.bucket, 'state/', '/latest.json'),
          ]),
        },
      },
      {
        role: 'roles/storage.objectUser',
        members: vm,
        condition: {
          title: 'vm-replaces',
          expression: anyOf([
            withSuffix(config.bucket, 'runs/', ['/heartbeat.json', '.part']),
            withSuffix(config.bucket, 'state/', ['/checkpoint.json']),
          ]),
        },
      },
      {
        role: 'roles/storage.objectUser',
        members: vm,
        condition: {
          title: 'vm-results',
          expression: without(config.bucket, 'results/', LATEST_RESULTS),
        },
      },
    ]),
    on('topic', TOPICS.finished, 'the VM reports completions', [
      { role: 'roles/pubsub.publisher', members: vm },
    ]),
    on('topic', TOPICS.deadLetter, 'Pub/Sub forwards messages that could not be handled', [
      { role: 'roles/pubsub.publisher', members: pubsub },
    ]),
    ...FUNCTIONS.map(({ name }) =>
      on('subscription', name, 'Pub/Sub acknowledges the messages that it forwards', [
        { role: 'roles/pubsub.subscriber', members: pubsub },
      ]),
    ),
    on('secret', WEBHOOK_SECRET, 'the functions read the webhook', [
      { role: 'roles/secretmanager.secretAccessor', members: functions },
    ]),
    on('instance', config.instance, 'the functions control this VM and no other', [
      { role: custom(CONTROL_ROLE), members: functions },
    ]),
    ...FUNCTIONS.map(({ name }) =>
      on('function', name, 'only the subscriptions invoke it', [
        { role: 'roles/run.invoker', members: push },
      ]),
    ),
  ];
}

/** The service that answers for the policy. */
const API: Record<Target['kind'], string> = {
  project: 'cloudresourcemanager',
  account: 'iam',
  bucket: 'storage',
  topic: 'pubsub',
  subscription: 'pubsub',
  secret: 'secretmanager',
  instance: 'compute',
  function: 'run',
};

function on(kind: Target['kind'], name: string, why: string, bindings: Binding[]): ResourceOf<'grants'> {
  return {
    kind: 'grants',
    name: `${kind} ${name}`,
    properties: {
      members: Object.fromEntries(bindings.map((binding) => [bindingKey(binding), binding.members])),
    },
    input: { target: { kind, name }, bindings },
    dependsOn: [
      `api ${API[kind]}.googleapis.com`,
      ...(kind === 'project' ? [] : [idOf({ kind, name })]),
      ...bindings.flatMap(({ role, members }) => [...rolesIn(role), ...members.flatMap(accountsIn)]),
    ].filter((id, index, all) => all.indexOf(id) === index),
    why,
  };
}

function rolesIn(role: string): string[] {
  return role.startsWith('projects/') ? [idOf({ kind: 'role', name: role.split('/').at(-1) ?? '' })] : [];
}

/** Service agents are Google's, and so not in the table. */
function accountsIn(member: string): string[] {
  const [, name] = /^serviceAccount:(vicinity-[a-z-]+)@/.exec(member) ?? [];
  return name ? [idOf({ kind: 'account', name })] : [];
}
