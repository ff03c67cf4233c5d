import { startupScript } from '../shared/artifacts/parts.ts';
import { regionOf } from '../shared/config/names.ts';
import type { DeployCall } from '../shared/ports/deploy-program.ts';
import { functionSources } from './function-sources.ts';
import type { Connection } from './google/connection.ts';
import { projectNumber } from './google/project.ts';
import type { Resource } from './table/resource.ts';
import { table } from './table/table.ts';

export function connectionOf({ config, env, clock }: DeployCall): Connection {
  const { project, zone } = config;
  return { project, zone, region: regionOf(config), env, clock };
}

/** The table for the project of the call: asks for its number, and builds what is deployed. */
export async function projectTable(
  { config, screen }: DeployCall,
  connection: Connection,
): Promise<Resource[]> {
  screen.live.draw('building the functions …');
  const [number, sources, script] = await Promise.all([
    projectNumber(connection),
    functionSources(),
    startupScript(),
  ]);
  return table(config, { projectNumber: number, sources, startupScript: script });
}
