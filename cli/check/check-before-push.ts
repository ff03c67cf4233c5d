import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_TARGETS } from '../../shared/config/defaults.ts';
import type { Config } from '../../shared/config/schema.ts';
import { checkMakefile } from './check-makefile.ts';
import type { Finding } from './finding.ts';

/**
 * What a push should say of the Makefile. Targets that vicinity.yaml does not name itself are passed over: they are the defaults, of
 * which a pipeline may have only some.
 */
export async function checkBeforePush(
  directory: string,
  config: Config,
  env: Record<string, string | undefined>,
): Promise<Finding[]> {
  const { findings } = await checkMakefile(directory, config, env);
  const isDefault = isDeepStrictEqual(config.targets, DEFAULT_TARGETS);
  return isDefault ? findings.filter(({ field }) => !field.startsWith('targets.')) : findings;
}
