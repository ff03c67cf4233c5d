import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { googleProviders } from '../../deploy/google/providers.ts';
import { startupScript } from '../../shared/artifacts/parts.ts';
import { regionOf } from '../../shared/config/names.ts';
import { TOPICS } from '../../shared/model/topics.ts';
import { systemClock } from '../../shared/ports/clock.ts';
import { smallTable } from '../deploy/support/table.ts';
import { eventually, startSystem } from './harness.ts';
import { actsOf } from './privilege/acts.ts';
import { beatFaster } from './privilege/heartbeat.ts';
import { timesLegible } from './privilege/legible.ts';
import { type Reduction, removalsOf } from './privilege/reductions.ts';

/**
 * Each right of the table of deploy/ is taken away in turn from the running system, through Google's own clients: what needs it is
 * refused, and where a function or the VM gets the answer, people can read which permission is missing. Then it is given back, and
 * the system comes to rest. A VM that is refused tries again for minutes; here it has seconds.
 */
const script = await startupScript();
const system = await startSystem({
  settings: 'machineTypes: [c4d-highcpu-32, c4d-highcpu-16]\n',
  startup: () => script.replace(/^trap .*$/m, '$&\nexport VICINITY_RETRY_SECONDS=4'),
});
const { cloud } = system;
after(() => system[Symbol.asyncDispose]());
const { config } = cloud;
const { usage } = cloud.project.directory;
const table = smallTable(config);
const providers = googleProviders({
  ...{ project: config.project, zone: config.zone, region: regionOf(config) },
  ...{ env: cloud.env(), clock: systemClock },
});
beatFaster(cloud);
const { run, cancelledRun, lostVm, sweep, dailyRound, hopelessMessage, rest } = actsOf(system);

interface Case {
  /** Sets something going that needs the right. */
  act: () => Promise<unknown>;
  permission: string;
  /** Google's own services get the refusal, and tell nobody here. */
  isSilent?: true;
}

const ofRun = (permission: string): Case => ({ act: () => run(), permission });
const invoking = (act: Case['act']): Case => ({ act, permission: 'run.routes.invoke', isSilent: true });
const puttingAside = (topic: string, permission: string): Case => ({
  act: () => hopelessMessage(topic),
  permission,
  isSilent: true,
});

const BUCKET = `bucket ${config.bucket}`;
/** By what is taken away. */
const CASES: Record<string, Case> = {
  'compute.instances.get of vicinityControl': ofRun('compute.instances.get'),
  'compute.instances.getSerialPortOutput of vicinityControl': {
    act: lostVm,
    permission: 'compute.instances.getSerialPortOutput',
  },
  'compute.instances.setMachineType of vicinityControl': ofRun('compute.instances.setMachineType'),
  'compute.instances.setMetadata of vicinityControl': ofRun('compute.instances.setMetadata'),
  'compute.instances.setScheduling of vicinityControl': ofRun('compute.instances.setScheduling'),
  'compute.instances.start of vicinityControl': ofRun('compute.instances.start'),
  'compute.instances.stop of vicinityControl': { act: cancelledRun, permission: 'compute.instances.stop' },
  'compute.zoneOperations.get of vicinityOperations': ofRun('compute.zoneOperations.get'),
  [`vicinityControl on instance ${config.instance}`]: ofRun('compute.instances.get'),
  [`vicinityOperations on project ${config.project}`]: ofRun('compute.zoneOperations.get'),
  'iam.serviceAccountUser on account vicinity-vm': ofRun('iam.serviceAccounts.actAs'),
  'iam.serviceAccountOpenIdTokenCreator on account vicinity-push': {
    ...ofRun('iam.serviceAccounts.getOpenIdToken'),
    isSilent: true,
  },
  [`storage.objectViewer on ${BUCKET}`]: ofRun('storage.objects.list'),
  [`storage.objectUser (records) on ${BUCKET}`]: ofRun('storage.objects.create'),
  [`storage.objectUser (superseded) on ${BUCKET}`]: { act: dailyRound, permission: 'storage.objects.update' },
  [`storage.objectViewer (vm-reads) on ${BUCKET}`]: ofRun('storage.objects.get'),
  [`storage.objectCreator (vm-creates) on ${BUCKET}`]: ofRun('storage.objects.create'),
  [`storage.objectUser (vm-results) on ${BUCKET}`]: ofRun('storage.objects.create'),
  [`storage.objectUser (vm-replaces) on ${BUCKET}`]: {
    act: () => run('slow'),
    permission: 'storage.objects.create',
  },
  [`pubsub.publisher on topic ${TOPICS.finished}`]: ofRun('pubsub.topics.publish'),
  [`pubsub.publisher on topic ${TOPICS.deadLetter}`]: puttingAside(TOPICS.run, 'pubsub.topics.publish'),
  'pubsub.subscriber on subscription start-run': puttingAside(TOPICS.run, 'pubsub.subscriptions.consume'),
  'pubsub.subscriber on subscription finish-run': puttingAside(
    TOPICS.finished,
    'pubsub.subscriptions.consume',
  ),
  'pubsub.subscriber on subscription sweep-runs': puttingAside(TOPICS.sweep, 'pubsub.subscriptions.consume'),
  'secretmanager.secretAccessor on secret vicinity-slack-webhook': {
    ...ofRun('secretmanager.versions.access'),
    isSilent: true,
  },
  'run.invoker on function start-run': invoking(() => run()),
  'run.invoker on function finish-run': invoking(() => run()),
  'run.invoker on function sweep-runs': invoking(sweep),
};

const removals = removalsOf(table);

test('every right of the table has its case', () => {
  assert.deepEqual(removals.map(({ what }) => what).sort(), Object.keys(CASES).sort());
});

for (const { what, reduced } of removals) {
  const known = CASES[what];
  if (!known) continue;
  const { act, permission, isSilent = false } = known;
  test(`without ${what}, ${permission} is refused`, async () => {
    const before = await timesLegible(system, permission);
    await replace(reduced);
    await act();
    await eventually(`the refusal of ${permission}`, async () => isRefused(permission) || undefined);
    if (!isSilent)
      await eventually(
        `word of ${permission}`,
        async () => (await timesLegible(system, permission)) > before || undefined,
      );
    await replace(wholeOf(reduced));
    await rest();
    usage.clear();
  });
}

function isRefused(permission: string): boolean {
  return usage.refused().some((refused) => refused.permission === permission);
}

function wholeOf({ kind, name }: Reduction['reduced']): Reduction['reduced'] {
  const whole = table.find((each) => each.kind === kind && each.name === name);
  assert.ok(whole?.kind === 'role' || whole?.kind === 'grants');
  return whole;
}

/** Adding members leaves others as they are: first, all go. */
async function replace(resource: Reduction['reduced']): Promise<void> {
  if (resource.kind === 'role') return providers.role.update(resource, resource.properties);
  const whole = wholeOf(resource);
  if (whole.kind === 'grants') await providers.grants.remove?.(whole);
  await providers.grants.create(resource);
}
