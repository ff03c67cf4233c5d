import type { CloudClock } from '../core/clock.ts';
import { alreadyExists, invalid } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';
import type { VmHost } from '../vm/vm-host.ts';
import { requireActAs } from './access.ts';
import { operationCaller } from './caller.ts';
import type { Instance } from './instance.ts';
import { type InstanceBody, instanceFrom } from './instance-body.ts';
import { changeNamed } from './instance-changes.ts';
import type { InstanceStore } from './instance-store.ts';
import type { Lifecycle } from './lifecycle.ts';
import { link, resourcePath } from './links.ts';
import { machineName } from './machines.ts';
import type { Operation, Operations } from './operations.ts';
import { readSerial } from './serial-output.ts';
import { operationView } from './view.ts';

/** How long a change that takes effect at once keeps its operation RUNNING. */
const CHANGE_MS = 50;
const SERIAL_PORTS = [1, 2, 3, 4];

export interface InstanceMethodParts {
  clock: CloudClock;
  store: InstanceStore;
  operations: Operations;
  lifecycle: Lifecycle;
  vms: VmHost;
}

/** The methods that change an instance: what each does, and that a repeated `requestId` does nothing. */
export class InstanceMethods {
  readonly #parts: InstanceMethodParts;

  constructor(parts: InstanceMethodParts) {
    this.#parts = parts;
  }

  async insert(call: Call): Promise<Reply> {
    const { clock, lifecycle, store } = this.#parts;
    const body = await call.json<InstanceBody>();
    const zone = call.param('zone');
    const { name = '' } = body;
    requireActAs(call, store.project, body.serviceAccounts ?? []);
    return this.#once(call, 'insert', name, () => {
      if (store.find(zone, name))
        throw alreadyExists(
          `The resource '${resourcePath(store.project, zone, 'instances', name)}' already exists`,
        );
      return lifecycle.start(store.add(instanceFrom(body, zone, clock)), operationCaller(call), 'insert');
    });
  }

  /** `start`, `stop`, `reset` or `delete`. */
  power(call: Call, method: 'start' | 'stop' | 'reset' | 'delete'): Reply {
    const { lifecycle } = this.#parts;
    return this.#once(call, method, call.param('instance'), () =>
      lifecycle[method](this.instance(call), operationCaller(call)),
    );
  }

  /** A change that takes effect at once; its operation is done a little later. */
  async change(call: Call, method: string): Promise<Reply> {
    const { clock, operations, store } = this.#parts;
    const body = await call.json<object>();
    this.#requireActAs(call, method, body);
    return this.#once(call, method, call.param('instance'), () => {
      const instance = this.instance(call);
      changeNamed(method)(instance, body);
      store.save();
      const operation = operations.begin(method, instance, operationCaller(call));
      clock.after(CHANGE_MS, () => operations.finish(operation));
      return operation;
    });
  }

  async serialPort(call: Call): Promise<Reply> {
    const { store, vms } = this.#parts;
    const instance = this.instance(call);
    const port = Number(call.query('port') ?? 1);
    const start = Number(call.query('start') ?? 0);
    if (!SERIAL_PORTS.includes(port))
      throw invalid(`Invalid value for field 'port': '${call.query('port')}'.`);
    if (!Number.isInteger(start)) throw invalid(`Invalid value for field 'start': '${call.query('start')}'.`);
    const console = await readSerial(vms.serialLog(machineName(instance)), start);
    const output = port === 1 ? console : { contents: '', start: 0, next: 0 };
    return {
      body: {
        kind: 'compute#serialPortOutput',
        selfLink: `${link(store.project, instance.zone, 'instances', instance.name)}/serialPort`,
        contents: output.contents,
        start: String(output.start),
        next: String(output.next),
      },
    };
  }

  #requireActAs(call: Call, method: string, body: object): void {
    const { store } = this.#parts;
    const { email } = body as { email?: string };
    if (method === 'setMetadata') requireActAs(call, store.project, this.instance(call).serviceAccounts);
    if (method === 'setServiceAccount' && email) requireActAs(call, store.project, [{ email }]);
  }

  instance(call: Call): Instance {
    return this.#parts.store.get(call.param('zone'), call.param('instance'));
  }

  /** Acts, unless the same request has acted before: then its operation is answered again. */
  #once(call: Call, type: string, target: string, act: () => Operation): Reply {
    const { operations, store } = this.#parts;
    const earlier = operations.earlier(type, call.param('zone'), target, operationCaller(call));
    return { body: operationView(earlier ?? act(), store.project) };
  }
}
