import { loadConfig } from '../../shared/config/load.ts';
import { type Overrides, withoutAbsent } from '../../shared/config/overrides.ts';
import type { Config } from '../../shared/config/schema.ts';
import { restEndpoint } from '../../shared/google/endpoints.ts';
import type { FileStore } from '../../shared/ports/files.ts';
import type { Images } from '../../shared/ports/images.ts';
import type { Instance } from '../../shared/ports/instance.ts';
import type { Topic } from '../../shared/ports/topic.ts';
import { Terminal } from '../output/terminal.ts';
import type { Host } from './host.ts';
import { findRepository, type Repository } from './repository.ts';

/** Flags that every command takes. */
export interface GlobalOptions extends Overrides {
  config?: string;
  json?: boolean;
}

/** What a command works with that needs no configuration. */
export interface OfflineContext {
  host: Host;
  terminal: Terminal;
  /** Print the machine's form instead of the person's. */
  json: boolean;
}

/** What a command works with. */
export interface Context extends OfflineContext {
  repository: Repository;
  config: Config;
  /** The bucket. Its client is loaded here, and not at the start: it takes longer than everything else. */
  objects(): Promise<FileStore>;
  topic(name: string): Promise<Topic>;
  /** The VM, and the project's images. */
  instance(): Promise<Instance>;
  images(): Promise<Images>;
}

/** Throws InvalidError with every fault of the configuration. */
export function openContext(host: Host, options: GlobalOptions): Context {
  const repository = findRepository(host.cwd, options.config);
  const flags = overridesOf(options);
  const config = loadConfig({ ...repository.config, env: host.env, flags });
  const compute = {
    project: config.project,
    zone: config.zone,
    endpoint: restEndpoint(host.env.VICINITY_COMPUTE_ENDPOINT, 'VICINITY_COMPUTE_ENDPOINT'),
    clock: host.clock,
  };
  return {
    ...openOffline(host, options),
    repository,
    config,
    async objects() {
      const { storageFiles } = await import('../../shared/google/storage-files.ts');
      return storageFiles(config.bucket, config.project);
    },
    async topic(name) {
      const { pubsubTopic } = await import('../../shared/google/pubsub-topic.ts');
      return pubsubTopic(config.project, name, host.env.PUBSUB_EMULATOR_HOST);
    },
    async instance() {
      const { computeInstance } = await import('../../shared/google/compute-instance.ts');
      return computeInstance({ ...compute, name: config.instance });
    },
    async images() {
      const { computeImages } = await import('../../shared/google/compute-images.ts');
      return computeImages(compute);
    },
  };
}

export function openOffline(host: Host, { json = false }: GlobalOptions): OfflineContext {
  return { host, terminal: new Terminal(host), json };
}

/** The flags that take the place of what vicinity.yaml says. */
export function overridesOf({ project, zone, instance, bucket }: GlobalOptions): Overrides {
  return withoutAbsent({ project, zone, instance, bucket });
}
