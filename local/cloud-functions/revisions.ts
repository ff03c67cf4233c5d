import type { Server } from 'node:http';
import { join } from 'node:path';
import { PROJECT_NUMBER, projectFacts } from '../core/project.ts';
import type { Revision } from '../functions/revision.ts';
import { ApiError } from '../http/api-error.ts';
import { listen, type ServiceContext } from '../http/service.ts';
import type { PolicyGuard } from '../iam/guard.ts';
import { principalOf } from '../iam/principal.ts';
import { createMetadataServer } from '../metadata/metadata-server.ts';
import { fixedMetadata } from '../metadata/source.ts';
import { metadataVariables } from '../metadata/variables.ts';
import { requireInvoker } from '../run/invoker.ts';
import { serviceResource } from '../run/resource.ts';
import { versionResource } from '../secrets/resource.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { Mounts } from './mounts.ts';
import { type CloudFunction, shortName } from './resource.ts';

export interface RevisionsOptions {
  project: string;
  /** A folder per function in it. */
  directory: string;
  context: ServiceContext;
  secrets: Secrets;
  /** Present where permissions are enforced. */
  guard: PolicyGuard | undefined;
  /** What a function's process gets besides its own settings, but for its metadata server's address. */
  environment: () => Promise<Record<string, string>>;
}

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];
const UNKNOWN_SECRET =
  "The service account used must be granted the 'Secret Manager Secret Accessor' role " +
  '(roles/secretmanager.secretAccessor) at the secret, project or higher level.';

/** Makes what is deployed fit to be served: with its environment, its secrets, and the identity of its account. */
export class Revisions {
  readonly #options: RevisionsOptions;
  /** A metadata server for each account. */
  readonly #metadata = new Map<string, { server: Server; host: Promise<string> }>();

  constructor(options: RevisionsOptions) {
    this.#options = options;
  }

  revisionOf(fn: CloudFunction, program: string): Revision {
    const { environment, guard, project, directory, context } = this.#options;
    const { serviceConfig, buildConfig } = fn;
    const name = shortName(fn);
    const account = serviceConfig.serviceAccountEmail;
    const mounts = new Mounts(
      serviceConfig.secretVolumes ?? [],
      join(directory, name, 'mounts'),
      (secret, version) => this.#readSecret(account, secret, version),
    );
    const [, , , location = ''] = fn.name.split('/');
    return {
      name,
      target: buildConfig.entryPoint,
      program,
      directory: this.folderOf(fn),
      args: [],
      environment: async () => ({
        ...(await environment()),
        ...(await this.#identity(account)),
        ...mounts.translate(serviceConfig.environmentVariables),
        FUNCTION_TARGET: buildConfig.entryPoint,
        FUNCTION_SIGNATURE_TYPE: 'http',
        K_REVISION: serviceConfig.revision,
        K_CONFIGURATION: name,
      }),
      deployed: {
        account,
        timeoutMs: serviceConfig.timeoutSeconds * 1000,
        refresh: async () => mounts.refresh(),
        admit(caller) {
          if (!guard) return;
          const service = serviceResource(project, location, name);
          requireInvoker(guard, caller, service, serviceConfig.uri, context.clock.now());
        },
      },
    };
  }

  /** Where the build of a function's revision is. */
  folderOf(fn: CloudFunction): string {
    return join(this.#options.directory, shortName(fn), fn.buildConfig.build ?? 'none');
  }

  /** Cloud Run looks at the secrets of a revision before it starts it. Throws what it says. */
  checkSecrets({ serviceConfig }: CloudFunction): void {
    const { secrets } = this.#options;
    const account = serviceConfig.serviceAccountEmail;
    for (const { secret, versions } of serviceConfig.secretVolumes ?? [])
      for (const { version } of versions) {
        const name = `projects/${PROJECT_NUMBER}/secrets/${secret}/versions/${version}`;
        if (!this.#mayRead(account, secret, version))
          throw new Error(
            `Permission denied on secret: ${name} for Revision service account ${account}. ${UNKNOWN_SECRET}`,
          );
        try {
          secrets.access(secret, version);
        } catch (cause) {
          throw new Error(`Secret ${name} was not found or cannot be read.`, { cause });
        }
      }
  }

  close(): void {
    for (const { server } of this.#metadata.values()) {
      server.close();
      server.closeAllConnections();
    }
  }

  #readSecret(account: string, secret: string, version: string): Buffer | undefined {
    if (!this.#mayRead(account, secret, version)) return undefined;
    try {
      const { payload } = this.#options.secrets.access(secret, version);
      return Buffer.from(payload.data ?? '', 'base64');
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  #mayRead(account: string, secret: string, version: string): boolean {
    const { guard, project } = this.#options;
    const resource = versionResource(project, secret, version);
    return guard?.allows(principalOf(account), 'secretmanager.versions.access', resource) ?? true;
  }

  /** The variables by which client libraries find the metadata server of the account. */
  async #identity(account: string): Promise<Record<string, string>> {
    const { project, context } = this.#options;
    let known = this.#metadata.get(account);
    if (!known) {
      const facts = projectFacts(project);
      const source = fixedMetadata({ project: facts, serviceAccount: { email: account, scopes: SCOPES } });
      const server = createMetadataServer(source, context);
      known = { server, host: listen(server, 0).then((port) => `127.0.0.1:${port}`) };
      this.#metadata.set(account, known);
    }
    return metadataVariables(await known.host);
  }
}
