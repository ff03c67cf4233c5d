import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { CloudClock } from '../core/clock.ts';
import { type LongRunning, LongRunningOperations } from '../core/long-running.ts';
import { StateFile } from '../core/state-file.ts';
import type { FunctionsHost } from '../functions/functions-host.ts';
import { aborted, alreadyExists, invalid, notFound } from '../http/api-error.ts';
import { applyMask, maskPaths } from '../http/field-mask.ts';
import { type Page, page } from '../http/paging.ts';
import type { Accounts } from '../iam/accounts.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import { fullName } from '../iam/resources.ts';
import { serviceResource } from '../run/resource.ts';
import type { Store } from '../storage/state/store.ts';
import { buildFunction } from './build.ts';
import { checkFunction, type Served } from './checks.ts';
import { OperationProgress, type StageName, type Verb } from './operation-metadata.ts';
import { type CloudFunction, type FunctionRequest, type StorageSource, shortName } from './resource.ts';
import type { Revisions } from './revisions.ts';

export interface DeploymentsOptions {
  stateDir: string;
  project: string;
  clock: CloudClock;
  accounts: Accounts;
  policies: PolicyBook;
  store: Store;
  host: FunctionsHost;
  revisions: Revisions;
  /** Main program of the functions framework. */
  framework: string;
  /** Search path of a build. */
  path: string;
  /** Address of the functions host, once it is known. */
  hostUrl: () => Promise<string>;
}

interface Deployed {
  fn: CloudFunction;
  /** What serves it; absent until it has been built once. */
  program?: string;
  revisions: number;
}

const CODE_FAILED_PRECONDITION = 9;
const EVERY_STAGE: StageName[] = ['BUILD', 'SERVICE'];

/** The deployed functions on disk: built from the source that was uploaded, and served by the functions host. */
export class Deployments {
  readonly operations: LongRunningOperations;
  readonly #options: DeploymentsOptions;
  readonly #file: StateFile<Record<string, Deployed>>;
  readonly #busy = new Set<string>();

  constructor(options: DeploymentsOptions) {
    const { stateDir } = options;
    this.#options = options;
    this.operations = new LongRunningOperations(join(stateDir, 'operations.json'));
    this.#file = new StateFile(join(stateDir, 'functions.json'), {});
  }

  /** Serves what was deployed before the start of the cloud. What was under way then has failed. */
  async resume(): Promise<void> {
    const { host, revisions } = this.#options;
    for (const { fn, program } of Object.values(this.#file.value)) {
      const uri = await this.#uri(shortName(fn));
      Object.assign(fn, { url: uri });
      fn.serviceConfig.uri = uri;
      if (fn.state !== 'ACTIVE') fn.state = 'FAILED';
      if (program) host.serve(revisions.revisionOf(fn, program));
    }
    this.#file.save();
  }

  get(name: string): CloudFunction {
    const found = this.#file.value[name];
    if (found) return found.fn;
    throw notFound(`Resource '${name}' was not found`);
  }

  list(parent: string, pageSize?: number, pageToken?: string): Page<CloudFunction> {
    const all = Object.values(this.#file.value).map(({ fn }) => fn);
    const ours = parent.endsWith('/-')
      ? all
      : all.filter(({ name }) => name.startsWith(`${parent}/functions/`));
    return page(ours, ({ name }) => name, pageSize, pageToken);
  }

  async create(parent: string, id: string, request: FunctionRequest): Promise<LongRunning> {
    const name = `${parent}/functions/${id}`;
    if (this.#file.value[name]) throw alreadyExists(`Resource '${name}' already exists.`);
    const now = this.#options.clock.now().toISOString();
    const settings = checkFunction(id, request, await this.#served(parent, id, 1));
    this.#checkReferences(settings);
    const build = randomUUID();
    const fn: CloudFunction = {
      name,
      ...settings,
      buildConfig: { ...settings.buildConfig, build },
      state: 'DEPLOYING',
      createTime: now,
      updateTime: now,
      url: settings.serviceConfig.uri,
    };
    const deployed: Deployed = { fn, revisions: 1 };
    this.#requireIdle(name);
    this.#file.value[name] = deployed;
    this.#file.save();
    return this.#deploy('create', deployed, EVERY_STAGE);
  }

  async patch(name: string, request: FunctionRequest, updateMask = ''): Promise<LongRunning> {
    const deployed = this.#stored(name);
    const current = deployed.fn;
    const paths = maskPaths(updateMask || Object.keys(request)).filter((path) => path !== 'name');
    const [parent = ''] = name.split('/functions/');
    const served = await this.#served(parent, shortName(current), deployed.revisions + 1);
    const settings = checkFunction(
      shortName(current),
      applyMask<FunctionRequest>(current as unknown as FunctionRequest, request, paths),
      served,
    );
    this.#checkReferences(settings);
    this.#requireIdle(name);
    const isBuilt = deployed.program !== undefined && !paths.some((path) => path.startsWith('buildConfig'));
    const build = isBuilt ? current.buildConfig.build : randomUUID();
    const { stateMessages: _, ...rest } = current;
    deployed.revisions += 1;
    deployed.fn = {
      ...rest,
      ...settings,
      buildConfig: { ...settings.buildConfig, ...(build && { build }) },
      state: 'DEPLOYING',
      updateTime: this.#options.clock.now().toISOString(),
    };
    this.#file.save();
    return this.#deploy('update', deployed, isBuilt ? ['SERVICE'] : EVERY_STAGE);
  }

  #deploy(verb: Verb, deployed: Deployed, stages: StageName[]): LongRunning {
    const work = { BUILD: () => this.#build(deployed), SERVICE: () => this.#serve(deployed) };
    return this.#work(verb, deployed, stages, async (progress) => {
      for (const stage of stages) await progress.stage(stage, work[stage]);
    });
  }

  delete(name: string): LongRunning {
    const deployed = this.#stored(name);
    this.#requireIdle(name);
    deployed.fn.state = 'DELETING';
    const { host, policies, project, stateDir } = this.#options;
    const id = shortName(deployed.fn);
    return this.#work('delete', deployed, ['SERVICE'], async () => {
      host.remove(id);
      const [, , , location = ''] = name.split('/');
      policies.delete(fullName(serviceResource(project, location, id)));
      delete this.#file.value[name];
      await rm(join(stateDir, id), { recursive: true, force: true });
    });
  }

  /** Begins an operation on a function, and does the work. The operation and the function report an error. */
  #work(
    verb: Verb,
    deployed: Deployed,
    stages: StageName[],
    act: (progress: OperationProgress) => Promise<void>,
  ): LongRunning {
    const { clock } = this.#options;
    const { fn } = deployed;
    this.#busy.add(fn.name);
    const [parent = ''] = fn.name.split('/functions/');
    const name = `${parent}/operations/operation-${clock.now().getTime()}-${randomUUID()}`;
    const progress = new OperationProgress(this.operations, clock, name, verb, fn, stages);
    const answer = structuredClone(progress.operation);
    act(progress)
      .then(
        () => {
          deployed.fn.state = 'ACTIVE';
          progress.succeed(verb === 'delete' ? EMPTY : { '@type': FUNCTION_TYPE, ...deployed.fn });
        },
        (error: Error) => this.#fail(deployed, progress, error),
      )
      .finally(() => {
        this.#busy.delete(fn.name);
        this.#file.save();
      });
    return answer;
  }

  #fail({ fn }: Deployed, progress: OperationProgress, { message }: Error): void {
    fn.state = 'FAILED';
    fn.stateMessages = [{ severity: 'ERROR', type: 'CloudRunServiceNotFound', message }];
    progress.fail({ code: CODE_FAILED_PRECONDITION, message });
  }

  async #build(deployed: Deployed): Promise<void> {
    const { store, framework, path, revisions } = this.#options;
    const { bucket, object } = deployed.fn.buildConfig.source.storageSource;
    const content = store.objects.read(store.objects.get(bucket, object));
    const archive = Buffer.isBuffer(content) ? content : await buffer(content);
    const folder = revisions.folderOf(deployed.fn);
    deployed.program = await buildFunction({ archive, folder, framework, path });
  }

  async #serve(deployed: Deployed): Promise<void> {
    const { host, revisions } = this.#options;
    revisions.checkSecrets(deployed.fn);
    await host.deploy(revisions.revisionOf(deployed.fn, deployed.program ?? ''));
  }

  #checkReferences({
    buildConfig,
    serviceConfig,
  }: Pick<CloudFunction, 'buildConfig' | 'serviceConfig'>): void {
    const { accounts } = this.#options;
    const { serviceAccountEmail } = serviceConfig;
    if (!accounts.find(serviceAccountEmail))
      throw invalid(`Service account ${serviceAccountEmail} does not exist.`);
    this.#requireSource(buildConfig.source.storageSource);
  }

  #requireSource({ bucket, object }: StorageSource): void {
    const { store } = this.#options;
    if (store.catalog.object(bucket, object)) return;
    throw invalid(
      `The source gs://${bucket}/${object} does not exist: upload it to the URL of generateUploadUrl first.`,
    );
  }

  async #served(parent: string, id: string, number: number): Promise<Served> {
    return {
      service: `${parent}/services/${id}`,
      uri: await this.#uri(id),
      revision: `${id}-${String(number).padStart(5, '0')}-loc`,
    };
  }

  async #uri(id: string): Promise<string> {
    return `${await this.#options.hostUrl()}/${id}`;
  }

  #stored(name: string): Deployed {
    this.get(name);
    return this.#file.value[name] as Deployed;
  }

  #requireIdle(name: string): void {
    if (this.#busy.has(name))
      throw aborted(`An operation on function ${name} is already in progress. Please try again later.`);
  }
}

const FUNCTION_TYPE = 'type.googleapis.com/google.cloud.functions.v2.Function';
const EMPTY = { '@type': 'type.googleapis.com/google.protobuf.Empty' };
