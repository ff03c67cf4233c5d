// A run that was accepted and cancelled: each of the functions, given this event, ends it, records that and tells people.
const at = new Date(Date.now() - 60_000).toISOString();
const runId = `${at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-0000`;
const spec = {
  version: 1,
  runId,
  trigger: 'none',
  messageId: '0',
  target: 'none',
  source: { sha256: '0'.repeat(64) },
  params: {},
  outputs: [],
  provision: { apt: [] },
  machineType: 'none',
  fallbackMachineTypes: [],
  maxSeconds: 60,
  maxAttempts: 1,
  maxAgeSeconds: 3600,
  startWithinSeconds: 3600,
  telemetryInterval: 5,
  onBusy: 'queue',
  requestedAt: at,
};
/** The run id where finish-run and where start-run look for it. */
const event = {
  subscription: 'projects/none/subscriptions/none',
  message: {
    messageId: '0',
    publishTime: at,
    data: Buffer.from(JSON.stringify({ runId })).toString('base64'),
    attributes: { action: 'cancel', runId },
  },
};

/** Objects by their names. */
const documents = {
  [`runs/${runId}/spec.json`]: spec,
  [`runs/${runId}/cancel.json`]: { requestedAt: at },
};

module.exports = { documents, event };
