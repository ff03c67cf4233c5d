import { DisksClient, InstancesClient, type protos } from '@google-cloud/compute';
import { type InstanceStatus, isOff } from '../../shared/ports/instance.ts';
import { computeOptions } from '../google/connection.ts';
import { ignoreNotFound, withDeadline } from '../google/with-deadline.ts';
import { emailOf, VM_ACCOUNT } from '../table/names.ts';
import type { Finding } from '../verify/finding.ts';
import { differenceLine } from '../view/plan-view.ts';
import type { Check, Patient } from './checks.ts';

type IInstance = protos.google.cloud.compute.v1.IInstance;

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
/** Machine families that take Hyperdisk only (https://cloud.google.com/compute/docs/disks/hyperdisks#limitations). */
const HYPERDISK_ONLY = /^(c4|c4a|c4d|n4|m4|x4|h4d)-/;

/** The VM: whether there is one, whether it can run as the system wants it, and whether its machine types fit its disk. */
export const checkInstance: Check = async (patient) => {
  const { connection, call } = patient;
  const options = computeOptions(connection);
  const { instance: name, project, zone } = call.config;
  const subject = `instance ${name}`;
  const client = new InstancesClient(options);
  const found = await ignoreNotFound(`read ${subject}`, () => client.get({ project, zone, instance: name }));
  if (!found)
    return [
      {
        subject,
        problem: `does not exist in ${zone}`,
        remedy: 'vicinity deploy apply, or correct zone and instance in vicinity.yaml',
      },
    ];
  const [vm] = found;
  const boot = vm.disks
    ?.find((disk) => disk.boot)
    ?.source?.split('/')
    .at(-1);
  const disks = new DisksClient(options);
  const disk =
    boot && (await withDeadline(`read disk ${boot}`, () => disks.get({ project, zone, disk: boot })))[0];
  const findings = [
    ...identity(vm, patient),
    ...settings(patient, subject),
    ...machineTypes(vm, patient),
    ...(disk ? diskFamily(disk.type?.split('/').at(-1) ?? '', patient) : []),
    ...power(vm, patient),
  ];
  return findings.length > 0 ? findings : [{ subject, fine: `${vm.status}, ready for a run` }];
};

function identity({ serviceAccounts }: IInstance, { call: { config } }: Patient): Finding[] {
  const [account] = serviceAccounts ?? [];
  const wanted = emailOf(VM_ACCOUNT, config.project);
  const { instance, zone } = config;
  const remedy = `gcloud compute instances set-service-account ${instance} --zone=${zone} --service-account=${wanted} --scopes=cloud-platform`;
  const subject = `instance ${instance}`;
  if (account?.email !== wanted)
    return [{ subject, problem: `runs as ${account?.email ?? 'nobody'}, not as ${wanted}`, remedy }];
  if (!account.scopes?.includes(CLOUD_PLATFORM))
    return [
      {
        subject,
        problem: 'its scopes leave out Pub/Sub and Cloud Storage, whatever its account may',
        remedy,
      },
    ];
  return [];
}

/** Of the table, what `identity` has not told. */
function settings({ changes }: Patient, subject: string): Finding[] {
  const change = changes.find(({ resource }) => resource.kind === 'instance');
  const told = ['account', 'scopes'];
  const differences = (change?.differences ?? []).filter(({ path }) => !told.includes(path));
  if (differences.length === 0) return [];
  return [{ subject, problem: differences.map(differenceLine).join('; '), remedy: 'vicinity deploy apply' }];
}

function machineTypes({ machineType }: IInstance, { call: { config } }: Patient): Finding[] {
  const current = machineType?.split('/').at(-1) ?? '';
  if (config.machineTypes.includes(current)) return [];
  return [
    {
      subject: `instance ${config.instance}`,
      problem: `is a ${current}, which machineTypes of vicinity.yaml does not list; a run makes it a ${config.machineTypes[0]}`,
      remedy: `Add ${current} to machineTypes in vicinity.yaml, or leave it.`,
    },
  ];
}

function diskFamily(diskType: string, { call: { config } }: Patient): Finding[] {
  if (diskType.startsWith('hyperdisk')) return [];
  const unfit = [...config.machineTypes, ...config.fallbackMachineTypes].filter((type) =>
    HYPERDISK_ONLY.test(type),
  );
  if (unfit.length === 0) return [];
  return [
    {
      subject: 'boot disk',
      problem: `is ${diskType}, and ${unfit.join(', ')} cannot start with it`,
      remedy:
        'Make a hyperdisk-balanced disk from a snapshot of it, or take these types out of vicinity.yaml.',
    },
  ];
}

function power({ status, labels }: IInstance, { call: { config } }: Patient): Finding[] {
  const { instance, zone } = config;
  if (labels?.['vicinity-hold'] !== 'true' || isOff(status as InstanceStatus)) return [];
  return [
    {
      subject: `instance ${instance}`,
      problem: `is ${status} and held by its label: nothing stops it, and it costs by the second`,
      remedy: `gcloud compute instances remove-labels ${instance} --zone=${zone} --labels=vicinity-hold`,
    },
  ];
}
