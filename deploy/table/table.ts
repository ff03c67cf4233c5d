import type { Config } from '../../shared/config/schema.ts';
import type { FunctionName } from '../../shared/model/functions.ts';
import { apis } from './apis.ts';
import { bucket } from './bucket.ts';
import { functions, secret } from './functions.ts';
import { grants } from './grants.ts';
import { accounts, roles } from './identities.ts';
import { instance } from './instance.ts';
import { subscriptions, topics } from './messaging.ts';
import { inOrder } from './order.ts';
import type { Resource, SourceFile } from './resource.ts';
import { schedules } from './schedules.ts';

/** What the table needs besides the configuration. */
export interface Facts {
  /** Google's own accounts are named after it. */
  projectNumber: string;
  /** The VM's startup script in one piece. */
  startupScript: string;
  /** The files of each function. */
  sources: Record<FunctionName, SourceFile[]>;
}

/** Everything that the system needs in a project; each after what it depends on. Nothing here asks the cloud. */
export function table(config: Config, { projectNumber, startupScript, sources }: Facts): Resource[] {
  return inOrder([
    ...apis(),
    ...accounts(),
    ...roles(),
    bucket(config),
    ...topics(),
    secret(),
    instance(config, startupScript),
    ...functions(config, sources),
    ...subscriptions(config),
    ...schedules(config),
    ...grants(config, projectNumber),
  ]);
}
