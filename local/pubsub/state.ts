import { join } from 'node:path';
import type { CloudClock } from '../core/clock.ts';
import type { Faults } from '../core/faults.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import type { AgentMay } from './access.ts';
import type { DeliveryEvent } from './delivery.ts';
import { Journal } from './journal.ts';
import { Policies } from './policies.ts';
import { openResourceFile } from './resource-file.ts';
import { Subscriptions } from './subscriptions.ts';
import { Topics } from './topics.ts';

export interface StateOptions {
  /** Topics, subscriptions and undelivered messages live here, and are found again after a restart. */
  stateDir: string;
  clock: CloudClock;
  faults: Faults;
  /** Where the IAM policies are kept. */
  policies: PolicyBook;
  /** Whether Pub/Sub's own account has a permission; it has every one unless told. */
  agentMay?: AgentMay;
  /** How many pushes of one subscription may be under way at once; 100 unless told. */
  pushConcurrency?: number;
  /** Told what becomes of each delivery, for the log of the traffic. */
  onDelivery?(event: DeliveryEvent): void;
}

/** What both wires work on. */
export interface State {
  clock: CloudClock;
  topics: Topics;
  subscriptions: Subscriptions;
  policies: Policies;
  /** Stops delivering. What is undelivered stays on disk. */
  close(): void;
}

export function openState(options: StateOptions): State {
  const { stateDir, clock, faults, pushConcurrency = 100, onDelivery = () => {} } = options;
  const { agentMay = () => true } = options;
  const file = openResourceFile(stateDir);
  const policies = new Policies(file, options.policies);
  const journal = new Journal(join(stateDir, 'messages.jsonl'));
  const subscriptions: Subscriptions = new Subscriptions({
    clock,
    faults,
    file,
    policies,
    agentMay,
    journal,
    pushConcurrency,
    onDelivery,
    deadLetter: (subscription, entry) => topics.deadLetter(subscription, entry),
  });
  const topics = new Topics({ clock, file, policies, agentMay, journal, subscriptions });
  return {
    clock,
    topics,
    subscriptions,
    policies,
    close() {
      subscriptions.close();
      journal.close();
    },
  };
}
