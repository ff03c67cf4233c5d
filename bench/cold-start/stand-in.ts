import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Google Cloud and Slack as `npm run gcp-build` plays them to a function, and the calls that it answered. */
export interface StandIn {
  server: Server;
  /** `127.0.0.1:port`. */
  address: string;
  /** Calls to Cloud Storage, Compute Engine and Slack since the last time. */
  takeCalls(): number;
}

interface CancelledRun {
  documents: Record<string, object>;
  event: object;
}

const folder = join(import.meta.dirname, '../../scripts/functions/framework');
const require = createRequire(import.meta.url);
const { startStandIn: start } = require(join(folder, 'stand-in.cjs')) as {
  startStandIn(
    documents: Record<string, object>,
    onCall: (url: string) => void,
  ): Promise<Pick<StandIn, 'server' | 'address'>>;
};

/** A run to be ended, recorded and told. */
export const cancelledRun = require(join(folder, 'cancelled-run.cjs')) as CancelledRun;

export async function startStandIn(documents: Record<string, object>): Promise<StandIn> {
  let calls = 0;
  const onCall = (url: string) => {
    if (!url.startsWith('/computeMetadata/')) calls += 1;
  };
  const takeCalls = () => {
    const taken = calls;
    calls = 0;
    return taken;
  };
  return { ...(await start(documents, onCall)), takeCalls };
}
