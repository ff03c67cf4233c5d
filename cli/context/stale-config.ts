import { configDifferences, readDeployedConfig } from '../../shared/config/deployed.ts';
import type { Context } from './context.ts';

const MAX_SHOWN = 5;

/** Warns where the deployment has another configuration than vicinity.yaml here: runs follow the deployed one. */
export async function warnOfStaleConfig(context: Context): Promise<void> {
  const { config, host, repository, terminal } = context;
  if (!repository.config) return;
  const deployed = await readDeployedConfig(await context.objects(), config.instance);
  const differences = deployed ? configDifferences(deployed, config) : [];
  if (differences.length === 0) return;
  const shown = differences
    .slice(0, MAX_SHOWN)
    .map(({ path, deployed, local }) => `${path} (deployed: ${deployed}, here: ${local})`);
  const more = differences.length > MAX_SHOWN ? ` and ${differences.length - MAX_SHOWN} more` : '';
  const remedy = host.env.STORAGE_EMULATOR_HOST ? 'vicinity local up' : 'vicinity deploy apply';
  terminal.warn(
    `${repository.config.file} differs from the deployed configuration, which runs use: ${shown.join(', ')}${more}. ` +
      `To apply it: ${remedy}.`,
  );
}
