import { shellWord } from '../../shared/shell-word.ts';
import type { InstanceProperties, ResourceOf } from '../table/resource.ts';
import type { CommandsOf, Deployment } from './deployment.ts';
import { commandLines, fileLines, pairs } from './shell.ts';

const SCRIPT_FLAG = '--metadata-from-file=startup-script="$work/startup.sh"';

/** Sets only what differs on an existing instance. A new one boots once, finds no run and powers itself off. */
export const instanceCommands: CommandsOf<'instance'> = ({ action, differs }, resource, deployment) => {
  const script = fileLines('startup.sh', resource.input.startupScript);
  if (action === 'create') return [...script, ...creation(resource, deployment)];
  const { name, properties, input } = resource;
  const on = (verb: string, flags: string[]) =>
    commandLines(`gcloud compute instances ${verb} ${name}`, [`--zone=${deployment.zone}`, ...flags]);
  return [
    ...(differs('startupScript') ? [...script, ...on('add-metadata', [SCRIPT_FLAG])] : []),
    ...(['automaticRestart', 'runLimit', 'atRunLimit'].some(differs)
      ? on('set-scheduling', scheduling(input.runLimitSeconds))
      : []),
    ...(['account', 'scopes'].some(differs) ? on('set-service-account', identity(properties)) : []),
    ...(differs('labels') ? on('add-labels', [`--labels=${pairs(properties.labels)}`]) : []),
  ];
};

function creation({ name, properties, input }: ResourceOf<'instance'>, deployment: Deployment): string[] {
  const [imageProject = '', family = ''] = [input.image.split('/')[1], input.image.split('/').at(-1)];
  return commandLines(`gcloud compute instances create ${name}`, [
    `--zone=${deployment.zone}`,
    `--machine-type=${input.machineType}`,
    `--image-project=${imageProject}`,
    `--image-family=${family}`,
    `--boot-disk-type=${input.diskType}`,
    `--boot-disk-size=${input.diskGb}GB`,
    SCRIPT_FLAG,
    '--metadata=enable-oslogin=TRUE,block-project-ssh-keys=TRUE',
    '--shielded-secure-boot',
    '--shielded-vtpm',
    '--shielded-integrity-monitoring',
    ...(input.externalAddress ? [] : ['--no-address']),
    ...scheduling(input.runLimitSeconds),
    ...identity(properties),
    `--labels=${pairs(properties.labels)}`,
  ]);
}

function scheduling(seconds: number): string[] {
  return ['--no-restart-on-failure', `--max-run-duration=${seconds}s`, '--instance-termination-action=STOP'];
}

function identity({ account, scopes }: InstanceProperties): string[] {
  return [`--service-account=${shellWord(account)}`, `--scopes=${scopes.join(',')}`];
}
