import type { Config } from '../../shared/config/schema.ts';
import type { CallCounts } from '../call-counts.ts';
import type { Compute } from '../compute/compute.ts';
import type { CloudClock } from '../core/clock.ts';
import type { Faults } from '../core/faults.ts';
import type { FunctionsHost } from '../functions/functions-host.ts';
import type { Project } from '../project.ts';
import type { SlackSink } from '../slack/slack-sink.ts';

/** The parts of the local cloud that its operator sees and controls. */
export interface AdminCloud {
  config: Config;
  clock: CloudClock;
  faults: Faults;
  calls: CallCounts;
  project: Project;
  compute: Compute;
  functions: FunctionsHost;
  slack: SlackSink;
}
