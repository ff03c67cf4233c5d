import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Resource, ResourceOf } from '../../deploy/table/resource.ts';
import type { Cloud } from '../../local/cloud.ts';
import { Mounts } from '../../local/cloud-functions/mounts.ts';
import { hostOf } from '../../local/endpoints.ts';
import { functionsFramework } from '../../local/functions/framework.ts';
import { hostEnvironment } from '../../local/functions/host-environment.ts';
import type { Revision } from '../../local/functions/revision.ts';
import { metadataVariables } from '../../local/metadata/variables.ts';
import { endpointVariables } from '../endpoint-variables.ts';

export interface RevisionOptions {
  stateDir: string;
  project: string;
  /** Holds a folder per function with its bundle, index.cjs. */
  functionsDir: string;
  /** Search path of the functions. */
  path: string;
  /** Resolves once the project has its resources; a function called earlier waits for it. */
  cloud: Promise<Cloud>;
}

/** The functions of the table as they are built in this checkout or package: they run without a deployment. */
export function workingTreeRevisions(resources: Resource[], options: RevisionOptions): Revision[] {
  return resources
    .filter((resource) => resource.kind === 'function')
    .map((resource) => revisionOf(resource, options));
}

function revisionOf({ name, properties }: ResourceOf<'function'>, options: RevisionOptions): Revision {
  const { stateDir, functionsDir, path } = options;
  const { entryPoint, environment, account, timeoutSeconds, secretFile } = properties;
  const directory = join(functionsDir, name);
  // A function package contains its program, as npm installs it at node_modules/.bin/functions-framework on Google Cloud.
  const program = join(directory, 'framework', 'main.cjs');
  const mounts = mountsOf(secretFile, join(stateDir, 'mounts', name), options);
  return {
    name,
    target: entryPoint,
    directory,
    program: existsSync(program) ? program : functionsFramework(),
    args: ['--signature-type=cloudevent', `--source=${join(directory, 'index.cjs')}`],
    async environment() {
      const { endpoints } = await options.cloud;
      return {
        ...hostEnvironment(join(stateDir, 'home'), path),
        ...(await mounts).translate(environment),
        ...endpointVariables(endpoints),
        ...metadataVariables(hostOf(endpoints.metadata)),
      };
    },
    deployed: {
      account,
      timeoutMs: timeoutSeconds * 1000,
      refresh: async () => (await mounts).refresh(),
      // Permissions are enforced only where the project starts empty.
      admit() {},
    },
  };
}

/** The file in which a function finds a secret's newest version. */
async function mountsOf(
  { path, secret }: ResourceOf<'function'>['properties']['secretFile'],
  folder: string,
  { cloud, project }: RevisionOptions,
): Promise<Mounts> {
  const { secrets } = (await cloud).project;
  const versions = [{ path: path.slice(dirname(path).length + 1), version: 'latest' }];
  const volume = { mountPath: dirname(path), projectId: project, secret, versions };
  return new Mounts([volume], folder, (id, version) =>
    Buffer.from(secrets.access(id, version).payload.data ?? '', 'base64'),
  );
}
