import { accountOf, CONTROL_ROLE, OPERATIONS_ROLE, PUSH_ACCOUNT, VM_ACCOUNT } from './names.ts';
import type { ResourceOf } from './resource.ts';

const IAM = ['api iam.googleapis.com'];

/** What any step of the control loop needs of the one instance. */
const CONTROL = [
  'compute.instances.get',
  'compute.instances.getSerialPortOutput',
  'compute.instances.setMachineType',
  'compute.instances.setMetadata',
  'compute.instances.setScheduling',
  'compute.instances.start',
  'compute.instances.stop',
];
/** Operations belong to the project, not to the instance: their outcome, a zone out of stock among them, is read there. */
const OPERATIONS = ['compute.zoneOperations.get'];

export function accounts(): ResourceOf<'account'>[] {
  return [
    account(accountOf('start-run'), 'accepts requests and starts the VM'),
    account(accountOf('finish-run'), 'records how a run ended'),
    account(accountOf('sweep-runs'), 'repairs what a crash left behind'),
    account(VM_ACCOUNT, 'runs the job'),
    account(PUSH_ACCOUNT, 'delivers messages to the functions'),
  ];
}

export function roles(): ResourceOf<'role'>[] {
  return [
    role(
      CONTROL_ROLE,
      'Vicinity: control of the VM',
      CONTROL,
      'lets the functions control the VM; granted on that instance only',
    ),
    role(
      OPERATIONS_ROLE,
      'Vicinity: outcome of operations',
      OPERATIONS,
      'lets the functions read operations on the VM',
    ),
  ];
}

function account(name: string, why: string): ResourceOf<'account'> {
  return { kind: 'account', name, properties: { displayName: name }, input: {}, dependsOn: IAM, why };
}

function role(name: string, title: string, permissions: string[], why: string): ResourceOf<'role'> {
  return { kind: 'role', name, properties: { title, permissions }, input: {}, dependsOn: IAM, why };
}
