import { join } from 'node:path';
import { StateFile } from '../core/state-file.ts';
import type { Subscription, Topic } from './resources.ts';

/** Everything of Pub/Sub on disk but the messages; keys are full names. */
export interface Resources {
  topics: Record<string, Topic>;
  subscriptions: Record<string, Subscription>;
}

export type ResourceFile = StateFile<Resources>;

export function openResourceFile(stateDir: string): ResourceFile {
  return new StateFile(join(stateDir, 'resources.json'), { topics: {}, subscriptions: {} });
}
