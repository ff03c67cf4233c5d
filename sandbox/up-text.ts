import { SERVICES } from '../local/ports.ts';
import type { Ready } from './running.ts';
import type { VmMode } from './vm-mode.ts';

const VM_TEXTS: Record<VmMode, string> = {
  process: 'Its VM runs in process mode: on this computer, with its programs.',
  nspawn: 'Its VM runs in nspawn mode: a Debian of its own on this computer.',
};

/** The text that `up` prints when the cloud is ready. `stateFlag` is part of the commands. */
export function upText(ready: Ready, stateFlag: string, because?: string): string {
  const { endpoints, pipeline, vm, dashboard } = ready;
  const addresses = SERVICES.map((service) => `  ${service.padEnd(10)} ${endpoints[service]}`);
  return `The local cloud is up. ${VM_TEXTS[vm]}

${addresses.join('\n')}

  pipeline   ${pipeline}${because && because !== pipeline ? ` (${because})` : ''}
${projectText(ready)}
  Slack      ${endpoints.slack}/ shows the messages${dashboard ? `\n  dashboard  ${dashboard} shows runs, logs and load` : ''}

${stateFlag ? `To use it in a shell:  eval "$(vicinity local env${stateFlag})"` : 'vicinity finds it in this folder. Google\'s tools need:  eval "$(vicinity local env)"'}
${nextText(ready)}
To end it:             vicinity local down${stateFlag}`;
}

function projectText({ env, empty, iam }: Ready): string {
  const project = env.VICINITY_PROJECT;
  if (empty)
    return `  project    ${project}, empty${iam ? '; permissions are enforced, and you are its owner' : ''}`;
  return `  bucket     gs://${env.VICINITY_BUCKET}
  instance   ${env.VICINITY_INSTANCE} in ${env.VICINITY_ZONE}, project ${project}`;
}

function nextText({ empty }: Ready): string {
  return empty
    ? 'Then, for example:     vicinity deploy plan'
    : "Then, for example:     vicinity run  or  gcloud pubsub topics publish vicinity-run --message='{}'";
}
