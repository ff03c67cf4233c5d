import { SERVICES } from './ports.ts';
import type { Ready } from './running.ts';

/** What a person is told of a cloud that is up. */
export function upText({ endpoints, env, pipeline }: Ready, because?: string): string {
  const addresses = SERVICES.map((service) => `  ${service.padEnd(10)} ${endpoints[service]}`);
  return `The local cloud is up. Its VM runs in process mode: on this computer, with its programs.

${addresses.join('\n')}

  pipeline   ${pipeline}${because && because !== pipeline ? ` (${because})` : ''}
  bucket     gs://${env.VICINITY_BUCKET}
  instance   ${env.VICINITY_INSTANCE} in ${env.VICINITY_ZONE}, project ${env.VICINITY_PROJECT}
  Slack      ${endpoints.slack}/ shows the messages

To use it in a shell:  eval "$(vicinity local env)"
Then, for example:     vicinity run  or  gcloud pubsub topics publish vicinity-run --message='{}'
To end it:             vicinity local down`;
}
