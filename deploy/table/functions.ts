import { createHash } from 'node:crypto';
import { functionVariables } from '../../shared/config/environment.ts';
import type { Config } from '../../shared/config/schema.ts';
import { FUNCTIONS, type FunctionName } from '../../shared/model/functions.ts';
import { accountOf, emailOf, LABELS, VM_ACCOUNT, WEBHOOK_FILE, WEBHOOK_SECRET } from './names.ts';
import { idOf, type ResourceOf, type SourceFile } from './resource.ts';

/** Most that an event-driven function may take (https://cloud.google.com/functions/quotas). */
const TIMEOUT_SECONDS = 540;
/** The slot admits one at a time anyway; more would only wait, and a fault would cost more. */
const MAX_INSTANCES = 5;

/** The Slack webhook's URL is a file: where it cannot be read, a run is recorded all the same. */
export function secret(): ResourceOf<'secret'> {
  return {
    kind: 'secret',
    name: WEBHOOK_SECRET,
    properties: { hasVersion: true },
    input: {},
    dependsOn: ['api secretmanager.googleapis.com'],
    why: "the Slack webhook's URL",
  };
}

export function functions(
  config: Config,
  sources: Record<FunctionName, SourceFile[]>,
): ResourceOf<'function'>[] {
  return FUNCTIONS.map(({ name, target, topic }) => ({
    kind: 'function',
    name,
    properties: {
      runtime: 'nodejs24',
      entryPoint: target,
      source: hashOf(sources[name]),
      account: emailOf(accountOf(name), config.project),
      memory: '512M',
      timeoutSeconds: TIMEOUT_SECONDS,
      minInstances: 0,
      maxInstances: MAX_INSTANCES,
      concurrency: 1,
      ingress: 'ALLOW_INTERNAL_ONLY',
      environment: functionVariables(config, WEBHOOK_FILE),
      secretFile: { path: WEBHOOK_FILE, secret: WEBHOOK_SECRET },
      labels: LABELS,
    },
    input: { files: sources[name] },
    dependsOn: [
      ...['cloudfunctions', 'run', 'cloudbuild', 'artifactregistry'].map(
        (api) => `api ${api}.googleapis.com`,
      ),
      idOf({ kind: 'account', name: accountOf(name) }),
      idOf({ kind: 'grants', name: `secret ${WEBHOOK_SECRET}` }),
      idOf({ kind: 'grants', name: `bucket ${config.bucket}` }),
      idOf({ kind: 'grants', name: `account ${VM_ACCOUNT}` }),
    ],
    why: `handles ${topic}`,
  }));
}

/** Of the files' names and contents, as far as a label's value can hold (63 characters). */
function hashOf(files: SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { name, content } of files) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 40);
}
