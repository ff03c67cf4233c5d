import { configDifferences, describeDifferences, readDeployedConfig } from '../../shared/config/deployed.ts';
import type { Context } from './context.ts';

/** Warns where the deployment has another configuration than vicinity.yaml here: runs follow the deployed one. */
export async function warnOfStaleConfig(context: Context): Promise<void> {
  const { config, host, repository, terminal } = context;
  if (!repository.config) return;
  const deployed = await readDeployedConfig(await context.objects(), config.instance);
  const differences = deployed ? describeDifferences(configDifferences(deployed, config)) : '';
  if (differences === '') return;
  const remedy = host.env.STORAGE_EMULATOR_HOST ? 'vicinity local up' : 'vicinity deploy apply';
  terminal.warn(
    `${repository.config.file} differs from the deployed configuration, which runs use: ${differences}. ` +
      `To apply it: ${remedy}.`,
  );
}
