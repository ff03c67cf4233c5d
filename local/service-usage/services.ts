import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CloudClock } from '../core/clock.ts';
import { type LongRunning, LongRunningOperations } from '../core/long-running.ts';
import { PROJECT_NUMBER } from '../core/project.ts';
import { StateFile } from '../core/state-file.ts';
import { ApiError, failedPrecondition } from '../http/api-error.ts';
import { type Page, page } from '../http/paging.ts';
import { DEPENDENCIES, ENABLED_AT_FIRST, TITLES } from './known-services.ts';

/** An API as Service Usage shows it (https://cloud.google.com/service-usage/docs/reference/rest/v1/services). */
export interface Service {
  name: string;
  parent: string;
  config: { name: string; title: string };
  state: 'ENABLED' | 'DISABLED';
}

export interface ServicesOptions {
  stateDir: string;
  clock: CloudClock;
}

/** On Google Cloud it takes ten seconds and more. */
const ENABLING_MS = 200;
const MAX_BATCH = 20;
const TYPES = 'type.googleapis.com/google.api.serviceusage.v1';

/** Which APIs the project may use, on disk. A change takes effect when its operation is done. */
export class Services {
  readonly operations: LongRunningOperations;
  readonly #clock: CloudClock;
  readonly #file: StateFile<{ enabled: string[] }>;

  constructor({ stateDir, clock }: ServicesOptions) {
    this.#clock = clock;
    this.operations = new LongRunningOperations(join(stateDir, 'operations.json'));
    this.#file = new StateFile(join(stateDir, 'services.json'), { enabled: ENABLED_AT_FIRST });
  }

  isEnabled(name: string): boolean {
    return this.#file.value.enabled.includes(name);
  }

  get(name: string): Service {
    const title = TITLES[name];
    if (title === undefined) throw notThere([name]);
    return {
      name: `projects/${PROJECT_NUMBER}/services/${name}`,
      parent: `projects/${PROJECT_NUMBER}`,
      config: { name, title },
      state: this.isEnabled(name) ? 'ENABLED' : 'DISABLED',
    };
  }

  list(state: Service['state'] | undefined, pageSize?: number, pageToken?: string): Page<Service> {
    const all = Object.keys(TITLES).map((name) => this.get(name));
    const wanted = all.filter((service) => state === undefined || service.state === state);
    return page(wanted, ({ name }) => name, pageSize, pageToken);
  }

  /** Enables APIs and those that they need, all or none. */
  enable(names: string[], response: 'EnableServiceResponse' | 'BatchEnableServicesResponse'): LongRunning {
    const unknown = names.filter((name) => TITLES[name] === undefined);
    if (unknown.length > 0) throw notThere(unknown);
    if (names.length > MAX_BATCH)
      throw failedPrecondition(`At most ${MAX_BATCH} services can be enabled at once, not ${names.length}.`);
    const wanted = names.flatMap((name) => [name, ...(DEPENDENCIES[name] ?? [])]);
    return this.#change(names, response, () => {
      this.#file.value.enabled = [...new Set([...this.#file.value.enabled, ...wanted])];
    });
  }

  /** Enables an API and those that it needs, at once. */
  ensureEnabled(name: string): void {
    const wanted = [name, ...(DEPENDENCIES[name] ?? [])];
    if (wanted.every((each) => this.isEnabled(each))) return;
    this.#file.value.enabled = [...new Set([...this.#file.value.enabled, ...wanted])];
    this.#file.save();
  }

  /** Enables every API that exists here, at once. */
  enableAll(): void {
    this.#file.value.enabled = Object.keys(TITLES);
    this.#file.save();
  }

  disable(name: string, withDependents: boolean): LongRunning {
    if (TITLES[name] === undefined) throw notThere([name]);
    const dependents = this.#file.value.enabled.filter((other) => DEPENDENCIES[other]?.includes(name));
    if (dependents.length > 0 && !withDependents)
      throw failedPrecondition(
        `The service ${name} is depended on by the following active service(s): ${dependents.join(', ')}; Please specify disable_dependent_services=true if you want to proceed with disabling all services.`,
      );
    const gone = [name, ...dependents];
    return this.#change([name], 'DisableServiceResponse', () => {
      this.#file.value.enabled = this.#file.value.enabled.filter((each) => !gone.includes(each));
    });
  }

  #change(names: string[], response: string, effect: () => void): LongRunning {
    const [first = ''] = names;
    const operation = this.operations.begin(`operations/acf.p2-${PROJECT_NUMBER}-${randomUUID()}`, {
      '@type': `${TYPES}.OperationMetadata`,
      resourceNames: names.map((name) => `projects/${PROJECT_NUMBER}/services/${name}`),
    });
    this.#clock.after(ENABLING_MS, () => {
      effect();
      this.#file.save();
      const services = names.map((name) => this.get(name));
      const content =
        response === 'BatchEnableServicesResponse' ? { services } : { service: this.get(first) };
      this.operations.succeed(operation, { '@type': `${TYPES}.${response}`, ...content });
    });
    return operation;
  }
}

function notThere(names: string[]): ApiError {
  return new ApiError(
    403,
    'forbidden',
    `Not found or permission denied for service(s): ${names.join(', ')}.`,
  );
}
