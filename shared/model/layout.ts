/** Names of the objects in the bucket. A run id sorts by time, and so do the names below runs/. */

export const slotName = (instance: string) => `control/${instance}.json`;

/** The configuration that the functions were deployed with. */
export const deployedConfigName = (instance: string) => `control/deployed/${instance}.json`;

/** An object that does not match its schema was reported. */
export const damageName = (key: string) => `control/damaged/${key}.json`;

/** What is remembered of a schedule of vicinity.yaml. */
export const scheduleName = (schedule: string) => `control/schedules/${schedule}.json`;

export const RUNS = 'runs/';
export const runFolder = (runId: string) => `runs/${runId}/`;
export const specName = (runId: string) => `runs/${runId}/spec.json`;
export const statusName = (runId: string) => `runs/${runId}/status.json`;
export const finalName = (runId: string) => `runs/${runId}/final.json`;
export const cancelName = (runId: string) => `runs/${runId}/cancel.json`;

export const claimName = (runId: string, attempt: number) => `runs/${runId}/attempt-${attempt}/claim.json`;
export const heartbeatName = (runId: string, attempt: number) =>
  `runs/${runId}/attempt-${attempt}/heartbeat.json`;
export const outcomeName = (runId: string, attempt: number) =>
  `runs/${runId}/attempt-${attempt}/outcome.json`;

/** The serial console of an attempt whose VM died, saved by the control plane. */
export const consoleName = (runId: string, attempt: number) => `runs/${runId}/attempt-${attempt}/serial.log`;

/** Slack accepted the notification. */
export const notifiedName = (runId: string, event: string) => `runs/${runId}/notified/${event}.json`;
/** The notification was about to be sent: a later try says that it may be a repetition. */
export const notifyingName = (runId: string, event: string) => `runs/${runId}/notifying/${event}.json`;

/** The run's message in Slack, where a bot has posted it. */
export const slackThreadName = (runId: string) => `runs/${runId}/slack.json`;

export const resultsPrefix = (runId: string) => `results/${runId}`;
export const buildLogName = (runId: string) => `results/${runId}/build.log`;
export const serialLogName = (runId: string) => `results/${runId}/serial.log`;
export const summaryName = (runId: string) => `results/${runId}/summary.json`;
export const telemetryName = (runId: string) => `results/${runId}/telemetry.csv`;
export const reportName = (runId: string) => `results/${runId}/report.html`;
/**
 * Our own objects directly below results/<runId>/, where outputs lie under their own paths: no output may have such a name. The VM
 * has the same list (startup-script/tools/names.py).
 */
export const OWN_RESULTS: ReadonlySet<string> = new Set([
  'build.log',
  'startup_detail.log',
  'serial.log',
  'telemetry.csv',
  'summary.json',
  'report.html',
  'startup_error.txt',
]);
export const LATEST_RESULTS = 'results/latest.json';

/** The last good state of a target, and those that its runs have saved. No target has a tilde in its name. */
const stateFolder = (target: string) => `state/${target.replaceAll('/', '~')}`;
export const latestStateName = (target: string) => `${stateFolder(target)}/latest.json`;
export const savedStateName = (target: string, runId: string, attempt: number) =>
  `${stateFolder(target)}/${runId}/attempt-${attempt}.json`;
export const checkpointName = (target: string, runId: string) =>
  `${stateFolder(target)}/${runId}/checkpoint.json`;
/** Whether the object, one below state/, names the last good state of a target. */
export const isStatePointer = (name: string) => /^state\/[^/]+\/latest\.json$/.test(name);
export const blobName = (sha256: string) => `state/blobs/${sha256}`;

export const packageName = (sha256: string) => `src/${sha256}.tar.gz`;
export const LATEST_PACKAGE = 'src/latest.json';
export const inputName = (sha256: string) => `inputs/${sha256}`;

export const rejectedName = (messageId: string) => `rejected/${messageId}.json`;
/** Which run a client's own request id became: the same id, published again at any time, is the same run. */
export const requestName = (requestIdHash: string) => `requests/${requestIdHash}.json`;

/** Somebody wants the run of this request id cancelled, perhaps before it is accepted. */
export const requestCancelName = (requestIdHash: string) => `requests/${requestIdHash}.cancel.json`;

/** The attempt whose saved console (see consoleName) this is, or undefined. */
export function attemptOfConsole(name: string): number | undefined {
  const attempt = /\/attempt-(\d+)\/serial\.log$/.exec(name)?.[1];
  return attempt === undefined ? undefined : Number(attempt);
}

/** The run id in an object name below runs/. */
export function runIdOfName(name: string): string | undefined {
  return /^runs\/([^/]+)\//.exec(name)?.[1];
}
