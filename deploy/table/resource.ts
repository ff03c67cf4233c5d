/** What a resource of Google Cloud is to be, in terms that can be compared, printed and stored as JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Each kind of resource: its compared properties, and what is needed to make it but not compared afterwards. */
export interface Kinds {
  api: { properties: Record<string, never>; input: Record<string, never> };
  account: { properties: { displayName: string }; input: Record<string, never> };
  role: { properties: { title: string; permissions: string[] }; input: Record<string, never> };
  bucket: { properties: BucketProperties; input: { location: string } };
  topic: { properties: Record<string, never>; input: Record<string, never> };
  secret: { properties: { hasVersion: boolean }; input: Record<string, never> };
  instance: { properties: InstanceProperties; input: InstanceInput };
  function: { properties: FunctionProperties; input: { files: SourceFile[] } };
  grants: {
    properties: { members: Record<string, string[]> };
    input: { target: Target; bindings: Binding[] };
  };
  subscription: { properties: SubscriptionProperties; input: Record<string, never> };
  schedule: { properties: ScheduleProperties; input: Record<string, never> };
}
export type Kind = keyof Kinds;

export interface ResourceOf<K extends Kind> {
  kind: K;
  name: string;
  properties: Kinds[K]['properties'];
  input: Kinds[K]['input'];
  /** Ids of what must be there before it. */
  dependsOn: string[];
  /** What it is for, in a few words. */
  why: string;
}
export type Resource = { [K in Kind]: ResourceOf<K> }[Kind];

/** `topic vicinity-run`: unique in the table. */
export function idOf({ kind, name }: { kind: Kind; name: string }): string {
  return `${kind} ${name}`;
}

export interface BucketProperties {
  uniformAccess: boolean;
  publicAccessPrevention: string;
  /** Days that deleted and overwritten objects are kept, and paid for. */
  softDeleteDays: number;
  /** The system's own rules. */
  lifecycle: LifecycleRule[];
  /** Only in an observed bucket: the rules of its owner, as Cloud Storage has them. They stay. */
  otherLifecycle?: Json[];
  labels: Record<string, string>;
}

/** Deletes objects whose names start with one of the prefixes, this many days after their custom time. */
export interface LifecycleRule {
  prefixes: string[];
  daysSinceCustomTime: number;
}

export interface SubscriptionProperties {
  topic: string;
  ackDeadlineSeconds: number;
  retentionSeconds: number;
  /** `never`, or seconds without activity. */
  expires: string;
  /** Seconds between deliveries, from and to; null: at once. */
  retry: { minimum: number; maximum: number } | null;
  deadLetter: { topic: string; attempts: number } | null;
  push: Push | null;
}

/** To which function, or to which other address; and as whom. */
export interface Push {
  function?: string;
  endpoint?: string;
  account: string;
}

export interface FunctionProperties {
  runtime: string;
  entryPoint: string;
  /** Hash of the files that are deployed. */
  source: string;
  account: string;
  memory: string;
  timeoutSeconds: number;
  minInstances: number;
  maxInstances: number;
  concurrency: number;
  ingress: string;
  environment: Record<string, string>;
  /** A file, and the secret whose newest version it holds. */
  secretFile: { path: string; secret: string };
  labels: Record<string, string>;
}

export interface SourceFile {
  name: string;
  content: Buffer;
}

export interface ScheduleProperties {
  cron: string;
  timeZone: string;
  topic: string;
  /** Text of the message. */
  data: string;
  attributes: Record<string, string>;
  retries: number;
}

export interface InstanceProperties {
  /** SHA-256 of the metadata value `startup-script`. */
  startupScript: string;
  automaticRestart: boolean;
  /** Each run sets its own limit: what matters is that there is one, and that it stops the VM. */
  runLimit: 'set' | 'none';
  atRunLimit: string;
  account: string;
  scopes: string[];
  labels: Record<string, string>;
}

export interface InstanceInput {
  zone: string;
  startupScript: string;
  runLimitSeconds: number;
  /** This and the following fields apply only to an instance that apply creates. */
  machineType: string;
  image: string;
  diskType: string;
  diskGb: number;
  externalAddress: boolean;
}

/** A resource that has an IAM policy. */
export interface Target {
  kind: 'project' | 'account' | 'bucket' | 'topic' | 'subscription' | 'secret' | 'instance' | 'function';
  name: string;
}

/** A role, and who has it; on the objects that the condition describes, or on everything. */
export interface Binding {
  role: string;
  members: string[];
  condition?: Condition;
}

/** In the Common Expression Language (https://cloud.google.com/iam/docs/conditions-overview). */
export interface Condition {
  title: string;
  expression: string;
}

/** `roles/storage.objectUser (records)`: a binding's name in a plan. */
export function bindingKey({ role, condition }: Binding): string {
  return condition ? `${role} (${condition.title})` : role;
}
