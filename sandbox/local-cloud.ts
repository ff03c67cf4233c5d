import type { Resource, SourceFile } from '../deploy/table/resource.ts';
import { table } from '../deploy/table/table.ts';
import { type Cloud, startCloud } from '../local/cloud.ts';
import type { CloudOptions } from '../local/cloud-options.ts';
import { PROJECT_NUMBER } from '../local/core/project.ts';
import type { Config } from '../shared/config/schema.ts';
import type { FunctionName } from '../shared/model/functions.ts';
import { clientEnvironment } from './client-environment.ts';
import { endpointVariables } from './endpoint-variables.ts';
import { provision } from './provision/provision.ts';
import { workingTreeRevisions } from './provision/revisions.ts';
import { workspaceOf } from './workspace.ts';

export interface LocalCloudOptions
  extends Pick<
    CloudOptions,
    'stateDir' | 'portBase' | 'iam' | 'substitutes' | 'vmHost' | 'freshDisk' | 'path'
  > {
  config: Config;
  /** Holds a folder per function with its bundle. */
  functionsDir: string;
  /** What the VM runs at boot. */
  startupScript: string;
  /** Leave the project empty: `vicinity deploy` creates the resources. */
  empty?: boolean;
}

/** The emulator with one project for the control plane. */
export interface LocalCloud extends Cloud {
  config: Config;
  /** The variables that point clients on this computer at this cloud. */
  env(): Record<string, string>;
}

/**
 * Starts the local cloud with every resource of the deployment's table; the functions run from `functionsDir` without a deployment.
 * Throws PortInUseError where a port is taken; nothing is left running then.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { config, functionsDir, startupScript, empty = false, ...emulator } = options;
  const { stateDir } = emulator;
  const provisioned = Promise.withResolvers<Cloud>();
  const resources = empty ? [] : localTable(config, startupScript);
  const cloud = await startCloud({
    ...emulator,
    project: config.project,
    slack: workspaceOf(config),
    variables: endpointVariables,
    diskVariable: 'VICINITY_WORK_DIR',
    revisions: workingTreeRevisions(resources, {
      stateDir,
      project: config.project,
      functionsDir,
      path: options.path ?? process.env.PATH ?? '',
      cloud: provisioned.promise,
    }),
  });
  provision(resources, { config, cloud });
  provisioned.resolve(cloud);
  return {
    ...cloud,
    config,
    env: () => clientEnvironment({ config, endpoints: cloud.endpoints, directory: stateDir }),
  };
}

/** The functions' sources are left out: they run in place. */
function localTable(config: Config, startupScript: string): Resource[] {
  const sources: Record<FunctionName, SourceFile[]> = { 'start-run': [], 'finish-run': [], 'sweep-runs': [] };
  return table(config, { projectNumber: PROJECT_NUMBER, startupScript, sources });
}
