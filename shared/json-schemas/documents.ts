import type { z } from 'zod';
import { statusSchema } from '../model/status.ts';
import * as deployment from './deployment.ts';
import * as local from './local.ts';
import * as results from './results.ts';

/**
 * What `--json` prints, by the names of the published JSON Schemas. Fields may be added to a document; what is there keeps its
 * meaning.
 */
export const OUTPUTS = {
  status: statusSchema,
  init: results.init,
  check: results.check,
  push: results.push,
  log: results.log,
  ssh: results.ssh,
  pull: results.pull,
  report: results.report,
  history: results.history,
  compare: results.compare,
  tune: results.tune,
  image: results.image,
  dashboard: results.dashboard,
  plan: deployment.plan,
  apply: deployment.apply,
  secret: deployment.secret,
  destroy: deployment.destroy,
  findings: deployment.findings,
  job: deployment.job,
  jobs: deployment.jobs,
  'local-up': local.localUp,
  'local-env': local.localEnv,
  'local-down': local.localDown,
};
export type OutputName = keyof typeof OUTPUTS;
/** For what a command prints: `value satisfies Output<'pull'>`. */
export type Output<Name extends OutputName> = z.input<(typeof OUTPUTS)[Name]>;

/** The document of each command. Completion alone has none: it prints a script. */
export const OUTPUT_OF_COMMAND: Record<string, OutputName> = {
  init: 'init',
  check: 'check',
  push: 'push',
  run: 'status',
  status: 'status',
  watch: 'status',
  logs: 'log',
  'logs --follow': 'status',
  'ssh --dry-run': 'ssh',
  cancel: 'status',
  pull: 'pull',
  report: 'report',
  history: 'history',
  compare: 'compare',
  tune: 'tune',
  'image bake': 'image',
  dashboard: 'dashboard',
  'deploy plan': 'plan',
  'deploy apply': 'apply',
  'deploy secret': 'secret',
  'deploy verify': 'findings',
  'deploy destroy': 'destroy',
  doctor: 'findings',
  'schedule show': 'jobs',
  'schedule set': 'job',
  'schedule pause': 'job',
  'schedule resume': 'job',
  'schedule run': 'job',
  'local up': 'local-up',
  'local env': 'local-env',
  'local down': 'local-down',
};
