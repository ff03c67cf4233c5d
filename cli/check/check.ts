import { loadConfig } from '../../shared/config/load.ts';
import type { Overrides } from '../../shared/config/overrides.ts';
import type { Config } from '../../shared/config/schema.ts';
import { InvalidError } from '../../shared/errors.ts';
import { nextFiring } from '../../shared/schedule/cron.ts';
import type { Repository } from '../context/repository.ts';
import { checkMakefile } from './check-makefile.ts';
import { checkPackage, type PackageCheck } from './check-package.ts';
import { checkRequests } from './check-requests.ts';
import { errorOf, type Finding } from './finding.ts';

export interface CheckOptions {
  env: Record<string, string | undefined>;
  flags?: Overrides;
  now: Date;
}

export interface CheckedRepository {
  /** The configuration file, as messages name it. */
  config: string | undefined;
  makefile: string | undefined;
  targets: string[];
  contents: PackageCheck['contents'];
  schedules: { name: string; cron: string; timeZone: string; next: Date }[];
  findings: Finding[];
}

/** Everything that can be found without the cloud: in vicinity.yaml, the Makefile, the package and the schedules. */
export async function checkRepository(
  repository: Repository,
  options: CheckOptions,
): Promise<CheckedRepository> {
  const nothing = { makefile: undefined, targets: [], contents: undefined, schedules: [] };
  const file = repository.config?.file;
  if (file === undefined) return { ...nothing, config: file, findings: [errorOf(noConfig(repository))] };
  const { config, findings } = load(repository, options);
  if (!config) return { ...nothing, config: file, findings };
  const makefile = await checkMakefile(repository.directory, config, options.env);
  const source = await checkPackage(repository, config, makefile.files);
  return {
    config: file,
    makefile: makefile.files[0],
    targets: makefile.targets,
    contents: source.contents,
    schedules: Object.entries(config.schedules).map(([name, { cron, timeZone }]) => ({
      name,
      cron,
      timeZone,
      next: nextFiring({ cron, timeZone }, options.now),
    })),
    findings: [...makefile.findings, ...checkRequests(config), ...source.findings].toSorted(errorsFirst),
  };
}

function load(
  repository: Repository,
  { env, flags }: CheckOptions,
): { config?: Config; findings: Finding[] } {
  try {
    return { config: loadConfig({ ...repository.config, env, ...(flags && { flags }) }), findings: [] };
  } catch (error) {
    if (error instanceof InvalidError) return { findings: error.issues.map(errorOf) };
    throw error;
  }
}

function errorsFirst(one: Finding, other: Finding): number {
  return Number(one.level === 'warning') - Number(other.level === 'warning');
}

function noConfig({ directory }: Repository) {
  return {
    field: directory,
    problem: 'has no vicinity.yaml',
    remedy: 'Run vicinity init, which proposes one.',
  };
}
