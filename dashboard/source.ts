import type { Config } from '../shared/config/schema.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { FileStore } from '../shared/ports/files.ts';
import type { InstanceFacts } from '../shared/ports/instance.ts';
import type { TopicMessage } from '../shared/ports/topic.ts';

/** What the dashboard reads and publishes to, with the credentials of whoever has started it. */
export interface Source {
  config: Config;
  objects: FileStore;
  /** Publishes on the topic `vicinity-run`; the message id. */
  publish(message: TopicMessage): Promise<string>;
  readInstance(): Promise<InstanceFacts>;
  clock: Clock;
  /** Who asks for runs. */
  user: string;
}
