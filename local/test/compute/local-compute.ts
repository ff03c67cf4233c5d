import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import { type Compute, createCompute } from '../../compute/compute.ts';
import type { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { listen, type ServiceContext } from '../../http/service.ts';
import type { VmHost } from '../../vm/vm-host.ts';
import { stoppedClock } from '../stopped-clock.ts';
import { IdleVms } from './idle-vms.ts';

export const PROJECT = 'test-project';
export const ZONE = 'us-east4-c';
export const INSTANCE = 'machine';

/** The fields of instances, operations, lists and errors that the tests look at. */
export interface Body {
  id: string;
  name: string;
  status: string;
  user: string;
  operationType: string;
  targetLink: string;
  insertTime: string;
  httpErrorStatusCode: number;
  error: { message: string; errors: { reason?: string; code?: string; message: string }[] };
  items: Body[];
  nextPageToken?: string;
  metadata: { fingerprint: string; items: { key: string; value: string }[] };
  labels: Record<string, string>;
  labelFingerprint: string;
  machineType: string;
  scheduling: { maxRunDuration?: { seconds: string } };
  resourceStatus: { scheduling: { terminationTimestamp?: string } };
  lastStartTimestamp: string;
  contents: string;
  start: string;
  next: string;
}

export interface Answer {
  status: number;
  body: Body;
}

/** Compute Engine with one stopped instance, on machines without guests unless others are given. */
export class LocalCompute implements AsyncDisposable {
  readonly stateDir = mkdtempSync(join(tmpdir(), 'gcp-local-compute-'));
  readonly vms = new IdleVms();
  readonly context: ServiceContext;
  port = 0;
  #compute: Compute | undefined;

  /** A client that waits by itself, such as gcloud, needs a `clock` that runs. */
  constructor(clock: CloudClock = stoppedClock()) {
    this.context = { clock, faults: new Faults(), onCall() {} };
  }

  static async start(vms?: VmHost): Promise<LocalCompute> {
    const local = new LocalCompute();
    await local.open(vms);
    local.compute.define(ZONE, { name: INSTANCE, machineType: 'c4d-highcpu-32' });
    return local;
  }

  /** Opens what the state directory holds, as after a restart. */
  async open(vms: VmHost = this.vms): Promise<void> {
    const { stateDir, context } = this;
    this.#compute = createCompute({ stateDir, context, project: PROJECT, vms });
    this.port = await listen(this.#compute.server, 0);
  }

  get compute(): Compute {
    if (!this.#compute) throw new Error('The local Compute Engine is not open.');
    return this.#compute;
  }

  async call(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const url = `http://127.0.0.1:${this.port}/compute/v1/projects/${PROJECT}/zones/${ZONE}${path}`;
    const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, body: (await response.json()) as Body };
  }

  async instance(): Promise<Body> {
    return (await this.call('GET', `/instances/${INSTANCE}`)).body;
  }

  act(method: string, body?: object): Promise<Answer> {
    return this.call('POST', `/instances/${INSTANCE}/${method}`, body);
  }

  async setMetadata(items: { key: string; value: string }[]): Promise<Answer> {
    const { metadata } = await this.instance();
    return this.act('setMetadata', { fingerprint: metadata.fingerprint, items });
  }

  /** Acts, and passes cloud time until the operation is done. */
  async finish(method: string, body?: object): Promise<Body> {
    const { status, body: operation } = await this.act(method, body);
    assert.equal(status, 200, JSON.stringify(operation));
    return this.done(operation.name);
  }

  /** Passes cloud time until the operation is done. */
  async done(name: string): Promise<Body> {
    for (let passed = 0; passed < 20_000; passed += 100) {
      const { body } = await this.call('GET', `/operations/${name}`);
      if (body.status === 'DONE') return body;
      await this.pass(100);
    }
    throw new Error(`Operation ${name} is not done after 20 s of cloud time.`);
  }

  /** Passes cloud time, and lets what falls due begin. */
  async pass(ms: number): Promise<void> {
    this.context.clock.advance(ms);
    await nextTick();
  }

  /** Types and users of all operations, oldest first. */
  async history(): Promise<string[]> {
    const { body } = await this.call('GET', '/operations');
    const oldestFirst = body.items.toSorted((a, b) => Number(a.id) - Number(b.id));
    return oldestFirst.map((each) => `${each.operationType} by ${each.user}`);
  }

  close(): void {
    this.compute.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    this.context.clock.close();
    rmSync(this.stateDir, { recursive: true });
  }
}
