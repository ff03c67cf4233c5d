import type { CallCounts } from '../call-counts.ts';
import type { Compute } from '../compute/compute.ts';
import type { CloudClock } from '../core/clock.ts';
import type { Faults } from '../core/faults.ts';
import type { FunctionsHost } from '../functions/functions-host.ts';
import type { Project } from '../project.ts';
import type { SlackSink } from '../slack/slack-sink.ts';
import type { Storage } from '../storage/storage.ts';

/** The parts of a cloud that its operator sees and controls. */
export interface AdminCloud {
  clock: CloudClock;
  faults: Faults;
  calls: CallCounts;
  project: Project;
  storage: Storage;
  compute: Compute;
  functions: FunctionsHost;
  slack: SlackSink;
}
