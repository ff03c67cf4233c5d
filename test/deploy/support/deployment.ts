import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../../deploy/table/resource.ts';
import { type LocalCloud, startLocalCloud } from '../../../sandbox/local-cloud.ts';
import { type Called, vicinity } from '../../cli/support/call.ts';
import { configOf, SCRIPT, WEEKLY } from './table.ts';

/** A project of the local cloud, and the command that deploys to it. */
export interface Deployment extends AsyncDisposable {
  cloud: LocalCloud;
  /** Where the command runs. */
  host: { cwd: string; env: Record<string, string> };
  deploy(args: string[], stdin?: string): Promise<Called>;
  call(args: string[], stdin?: string): Promise<Called>;
  /** What `plan --json` says differs: `update subscription start-run`. */
  planned(): Promise<string[]>;
}

export interface PlannedChange {
  action: string;
  kind: string;
  name: string;
  differences: { path: string; from?: Json; to: Json }[];
}

/**
 * An empty project, or with `adopted` one that has the stopped VM and nothing else. `settings` are more lines of the vicinity.yaml
 * that is deployed.
 */
export async function startDeployment({ adopted = false, settings = '' } = {}): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  const repository = join(folder, 'repository');
  mkdirSync(repository);
  writeFileSync(join(repository, 'vicinity.yaml'), WEEKLY + settings);
  const cloud = await startLocalCloud({
    stateDir: join(folder, 'state'),
    portBase: 0,
    config: configOf(),
    functionsDir: join(folder, 'bundles'),
    startupScript: SCRIPT,
    empty: true,
  });
  if (adopted) defineVm(cloud);
  const env = cloud.env();
  // Google's clients read them there.
  Object.assign(process.env, env);
  const call = (args: string[], stdin?: string) =>
    vicinity(args, { cwd: repository, env, ...(stdin !== undefined && { stdin }) });
  return {
    cloud,
    host: { cwd: repository, env },
    call,
    deploy: (args, stdin) => call(['deploy', ...args], stdin),
    async planned() {
      const { stdout } = await call(['deploy', 'plan', '--json']);
      const { changes } = JSON.parse(stdout) as { changes: PlannedChange[] };
      return changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
    },
    async [Symbol.asyncDispose]() {
      await cloud.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A VM as the pipeline's owner has it: stopped, with keys and a disk of its own. */
function defineVm({ compute, config }: LocalCloud): void {
  compute.define(config.zone, {
    name: config.instance,
    machineType: `zones/${config.zone}/machineTypes/c4d-highcpu-32`,
    labels: { team: 'maps' },
    metadata: { items: [{ key: 'ssh-keys', value: 'ada:ssh-ed25519 AAAA' }] },
    disks: [{ initializeParams: { diskSizeGb: 500 } }],
    serviceAccounts: [
      {
        email: '123456789012-compute@developer.gserviceaccount.com',
        scopes: ['https://www.googleapis.com/auth/devstorage.read_write'],
      },
    ],
  });
}
