import { TransientError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type {
  Instance,
  InstanceFacts,
  InstanceStatus,
  Scheduling,
  StartResult,
} from '../../shared/ports/instance.ts';

/** An instance whose starts and stops take effect at once, with the request ids that it has seen. */
export class FakeInstance implements Instance {
  readonly name = 'vicinity-batch';
  readonly zone = 'us-east4-c';
  readonly #clock: Clock;
  readonly #seen = new Set<string>();
  status: InstanceStatus = 'TERMINATED';
  machineType = 'c4d-highcpu-32';
  metadata: Record<string, string> = { 'ssh-keys': 'kept' };
  metadataVersion = 1;
  labels: Record<string, string> = {};
  maxRunSeconds: number | undefined;
  isSpot = false;
  lastStartedAt: string | undefined;
  lastStoppedAt: string | undefined;
  /** Answers of the next starts; used up, a start succeeds. */
  startResults: StartResult[] = [];
  /** Thrown by the next reads. */
  readErrors: Error[] = [];
  starts = 0;
  stops = 0;
  /** What the VM does when it boots. */
  onBoot: (instance: FakeInstance) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async read(): Promise<InstanceFacts> {
    const error = this.readErrors.shift();
    if (error) throw error;
    const { status, machineType, metadata, labels, isSpot, maxRunSeconds, lastStartedAt, lastStoppedAt } =
      this;
    return {
      status,
      machineType,
      metadata: { ...metadata },
      metadataVersion: String(this.metadataVersion),
      labels: { ...labels },
      isSpot,
      ...(maxRunSeconds !== undefined && { maxRunSeconds }),
      ...(lastStartedAt && { lastStartedAt }),
      ...(lastStoppedAt && { lastStoppedAt }),
    };
  }

  async setMetadata(items: Record<string, string>, version: string): Promise<void> {
    if (Object.entries(items).every(([key, value]) => this.metadata[key] === value)) return;
    if (version !== String(this.metadataVersion)) throw new TransientError('The metadata has changed.');
    this.metadataVersion += 1;
    this.metadata = { ...this.metadata, ...items };
  }

  async setMachineType(machineType: string): Promise<void> {
    this.machineType = machineType;
  }

  async setScheduling({ maxRunSeconds, isSpot }: Scheduling): Promise<void> {
    this.maxRunSeconds = maxRunSeconds;
    this.isSpot = isSpot;
  }

  async start(requestId: string): Promise<StartResult> {
    const isRepeated = this.#seen.has(requestId);
    this.#seen.add(requestId);
    const result = this.startResults.shift();
    if (result && !result.started) return result;
    if (!isRepeated && this.status === 'TERMINATED') this.boot();
    return { started: true };
  }

  async stop(requestId: string): Promise<void> {
    if (this.#seen.has(requestId)) return;
    this.#seen.add(requestId);
    this.stops += 1;
    this.powerOff();
  }

  async serialOutput(): Promise<string> {
    return '';
  }

  boot(): void {
    this.starts += 1;
    this.status = 'RUNNING';
    this.lastStartedAt = this.#clock.now().toISOString();
    this.onBoot(this);
  }

  powerOff(): void {
    this.status = 'TERMINATED';
    this.lastStoppedAt = this.#clock.now().toISOString();
  }
}
