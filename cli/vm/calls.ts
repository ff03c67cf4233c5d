import type { Config } from '../../shared/config/schema.ts';

/** Calls of gcloud, as their arguments. */

/** A guest cannot see labels, so the label for the control plane goes with a metadata value for the startup script. */
export function holdCalls(config: Config): string[][] {
  return [
    instanceCall(config, 'add-labels', '--labels=vicinity-hold=true'),
    instanceCall(config, 'add-metadata', '--metadata=VICINITY_HOLD=true'),
  ];
}

export function releaseCalls(config: Config): string[][] {
  return [
    instanceCall(config, 'remove-labels', '--labels=vicinity-hold'),
    instanceCall(config, 'remove-metadata', '--keys=VICINITY_HOLD'),
  ];
}

/** A shell, or one command, through IAP where the VM has no address: gcloud finds that out itself. */
export function shellCall(config: Config, command: string[]): string[] {
  const remote = command.length > 0 ? [`--command=${command.join(' ')}`] : [];
  return ['compute', 'ssh', config.instance, ...locationFlags(config), ...remote];
}

function instanceCall(config: Config, action: string, option: string): string[] {
  return ['compute', 'instances', action, config.instance, ...locationFlags(config), option];
}

function locationFlags({ project, zone }: Config): string[] {
  return [`--project=${project}`, `--zone=${zone}`];
}
