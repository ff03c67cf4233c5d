import { emailOf } from '../../deploy/table/names.ts';
import type { Target } from '../../deploy/table/resource.ts';
import { instanceResource } from '../../local/compute/access.ts';
import type { Resource } from '../../local/http/access.ts';
import { fullName, projectResource, serviceAccount } from '../../local/iam/resources.ts';
import { pubsubResource } from '../../local/pubsub/access.ts';
import { serviceResource } from '../../local/run/resource.ts';
import { secretResource } from '../../local/secrets/resource.ts';
import { bucketResource } from '../../local/storage/access.ts';
import { regionOf } from '../../shared/config/names.ts';
import type { Config } from '../../shared/config/schema.ts';

type Named = (name: string, config: Config) => Resource;

const RESOURCES: Record<Target['kind'], Named> = {
  project: (name) => projectResource(name),
  account: (name, { project }) => serviceAccount(project, emailOf(name, project)),
  bucket: (name, { project }) => bucketResource(project, name),
  topic: (name, { project }) => pubsubResource(`projects/${project}/topics/${name}`),
  subscription: (name, { project }) => pubsubResource(`projects/${project}/subscriptions/${name}`),
  secret: (name, { project }) => secretResource(project, name),
  instance: (name, { project, zone }) => instanceResource(project, zone, name),
  function: (name, config) => serviceResource(config.project, regionOf(config), name),
};

/** The name under which the emulator keeps the policy of a resource. */
export function policyName({ kind, name }: Target, config: Config): string {
  return fullName(RESOURCES[kind](name, config));
}
