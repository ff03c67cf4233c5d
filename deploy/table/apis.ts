import type { ResourceOf } from './resource.ts';

const APIS: Record<string, string> = {
  'serviceusage.googleapis.com': 'enables the other APIs',
  'cloudresourcemanager.googleapis.com': 'the IAM policy of the project',
  'iam.googleapis.com': 'service accounts and the custom roles',
  'storage.googleapis.com': 'sources, records and results',
  'pubsub.googleapis.com': 'requests and completions',
  'compute.googleapis.com': 'the VM',
  'secretmanager.googleapis.com': "the Slack webhook's URL",
  'cloudscheduler.googleapis.com': 'the scheduled runs and the sweep',
  'cloudfunctions.googleapis.com': 'start-run, finish-run, sweep-runs',
  'run.googleapis.com': 'runs the functions',
  'cloudbuild.googleapis.com': 'builds the functions',
  'artifactregistry.googleapis.com': 'keeps the built functions',
};

/** Services of Google that a new project has turned off. */
export function apis(): ResourceOf<'api'>[] {
  return Object.entries(APIS).map(([name, why]) => ({
    kind: 'api',
    name,
    properties: {},
    input: {},
    dependsOn: [],
    why,
  }));
}
