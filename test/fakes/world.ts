import { costSettings } from '../../shared/config/costs.ts';
import { type Config, configSchema } from '../../shared/config/schema.ts';
import { TransientError } from '../../shared/errors.ts';
import type { Outcome } from '../../shared/model/attempt.ts';
import { claimName, outcomeName } from '../../shared/model/layout.ts';
import type { Notification } from '../../shared/model/notification.ts';
import type { Status } from '../../shared/model/status.ts';
import type { Delivery, Notifier } from '../../shared/ports/notifier.ts';
import type { Dependencies } from '../../shared/reconcile/dependencies.ts';
import { FakeInstance } from './fake-instance.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryObjects } from './memory-objects.ts';
import { packageOf } from './source-package.ts';

/** Notifications as they were sent; the next ones fail as told. */
export class RecordingNotifier implements Notifier {
  readonly sent: Notification[] = [];
  /** Statuses that a message was brought up to date by, or the fault that this meets. */
  readonly shown: Status[] = [];
  showFailure: Error | undefined;
  failures: (Error | Delivery)[] = [];

  async show(status: Status): Promise<void> {
    if (this.showFailure) throw this.showFailure;
    this.shown.push(status);
  }

  async notify(notification: Notification): Promise<Delivery> {
    const failure = this.failures.shift();
    if (failure instanceof Error) throw failure;
    this.sent.push(notification);
    return failure ?? { delivered: true };
  }

  events(): string[] {
    return this.sent.map((sent) => sent.event);
  }
}

/** A whole control plane over fakes, with one source package pushed. */
export class World {
  readonly clock = new ManualClock();
  readonly objects = new MemoryObjects(this.clock);
  readonly instance = new FakeInstance(this.clock);
  readonly notifier = new RecordingNotifier();
  readonly config: Config;
  readonly deps: Dependencies;
  readonly log: string[] = [];
  sha256 = '';
  #ids = 0;

  constructor(config: object = {}) {
    this.config = configSchema.parse({
      params: { STATES: { pattern: '[a-z_,]+' }, WORKERS: { pattern: '[1-9][0-9]*' } },
      ...config,
    });
    this.deps = {
      objects: this.objects,
      instance: this.instance,
      notifier: this.notifier,
      clock: this.clock,
      costs: costSettings(this.config),
      finishedTopic: 'projects/vicinity-local/topics/vicinity-run-finished',
      log: ({ message }) => this.log.push(message),
    };
  }

  static async create(config: object = {}): Promise<World> {
    const world = new World(config);
    const { sha256, bytes } = await packageOf({ Makefile: 'all:\n\ttrue\n' });
    world.objects.write(`src/${sha256}.tar.gz`, bytes);
    world.objects.write('src/latest.json', JSON.stringify({ sha256, dirty: false }));
    world.sha256 = sha256;
    return world;
  }

  /** A Pub/Sub push as functions-framework passes it on. */
  event(message: { data?: object | string; attributes?: Record<string, string>; messageId?: string }) {
    const { data, attributes = {}, messageId = `message-${++this.#ids}` } = message;
    const text = data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data);
    const encoded = text === undefined ? {} : { data: Buffer.from(text).toString('base64') };
    return {
      message: { ...encoded, attributes, messageId, publishTime: this.clock.now().toISOString() },
      subscription: 's',
    };
  }

  /** The VM takes the attempt that its metadata names. */
  claim(bootId = 'boot-1'): void {
    const { RUN_ID = '', ATTEMPT = '' } = this.instance.metadata;
    const claim = { by: 'vm', bootId, claimedAt: this.clock.now().toISOString() };
    this.objects.write(claimName(RUN_ID, Number(ATTEMPT)), JSON.stringify(claim));
  }

  /** The VM works, reports and powers off. */
  complete(changes: Partial<Outcome> = {}): void {
    const { RUN_ID: runId = '', ATTEMPT = '' } = this.instance.metadata;
    const attempt = Number(ATTEMPT);
    const startedAt = this.clock.now().toISOString();
    this.clock.advance(60);
    const outcome: Outcome = {
      runId,
      attempt,
      bootId: 'boot-1',
      outcome: 'succeeded',
      cause: 'exit',
      exitCode: 0,
      phase: 'done',
      startedAt,
      finishedAt: this.clock.now().toISOString(),
      phases: [{ name: 'make', seconds: 60 }],
      outputs: [{ path: 'data/d_anchor_category', objects: 1, bytes: 5 }],
      manifest: [],
      warnings: 0,
      errors: 0,
      ...changes,
    };
    this.objects.write(outcomeName(runId, attempt), JSON.stringify(outcome));
    this.instance.powerOff();
  }

  status(runId: string): Record<string, unknown> | undefined {
    return this.objects.json(`runs/${runId}/status.json`);
  }

  slot(): { active?: { runId: string; attempt: number }; queue: { runId: string }[] } {
    return this.objects.json('control/vicinity-batch.json') as ReturnType<World['slot']>;
  }

  runIds(): string[] {
    const specs = this.objects.names().filter((name) => name.endsWith('/spec.json'));
    return specs.map((name) => name.split('/')[1] ?? '');
  }
}

export const passing = () => new TransientError('A fault on demand.');
