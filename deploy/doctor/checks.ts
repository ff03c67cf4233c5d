import type { DeployCall } from '../../shared/ports/deploy-program.ts';
import type { Connection } from '../google/connection.ts';
import type { Change } from '../plan/plan.ts';
import type { Finding } from '../verify/finding.ts';

/** What the checks look at. */
export interface Patient {
  call: DeployCall;
  connection: Connection;
  /** The whole table against the project. */
  changes: Change[];
}

/** One subject of the doctor. An error is a finding too: the others go on. */
export type Check = (patient: Patient) => Promise<Finding[]>;
