import type { Change } from '../plan/plan.ts';
import type { BucketProperties, InstanceProperties, Json } from '../table/resource.ts';

const NO_ADDRESS =
  'gets no external address: it needs Cloud NAT to install packages, or vm.externalAddress: true in vicinity.yaml';

/** Says what apply keeps of an existing bucket or VM, and what it replaces for good; empty for other resources. */
export function notesOf({ action, resource, observed }: Change): string[] {
  if (action === 'create' && resource.kind === 'instance' && !resource.input.externalAddress)
    return [NO_ADDRESS];
  if (action !== 'update') return [];
  if (resource.kind === 'bucket') return bucketNotes(observed as unknown as BucketProperties);
  if (resource.kind === 'instance') return instanceNotes(resource, observed as unknown as InstanceProperties);
  return [];
}

function bucketNotes({ otherLifecycle = [] }: BucketProperties): string[] {
  return otherLifecycle.map((rule) => `keeps the lifecycle rule ${ruleText(rule)}`);
}

/** `Delete (age 30, matchesPrefix tmp/)`. */
function ruleText(rule: Json): string {
  const { action, condition } = rule as unknown as { action: { type: string }; condition: object };
  const conditions = Object.entries(condition).map(([name, value]) => `${name} ${value}`);
  return `${action.type} (${conditions.join(', ')})`;
}

/** A VM without the system's labels is adopted: what it had so far was its owner's. */
function instanceNotes(
  { name, properties, input }: { name: string; properties: InstanceProperties; input: { zone: string } },
  observed: InstanceProperties,
): string[] {
  const isOurs = Object.entries(properties.labels).every(([key, value]) => observed.labels[key] === value);
  if (isOurs) return [];
  const kept = 'keeps its machine type, disks, network, other metadata and labels';
  if (observed.startupScript === 'none') return [kept];
  const save = `gcloud compute instances describe ${name} --zone=${input.zone} --flatten='metadata[startup-script]'`;
  return [kept, `replaces its startup script; save it first: ${save}`];
}
