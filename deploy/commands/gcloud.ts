import { functionsFolder } from '../../shared/artifacts/parts.ts';
import { type DeployCall, type DeployExit, EXIT_DIFFERS } from '../../shared/ports/deploy-program.ts';
import { gcloudScript } from '../gcloud/script.ts';
import { isUpToDate } from '../plan/plan.ts';
import { connectionOf } from '../project-table.ts';
import { currentPlan } from './plan.ts';

/** Prints what apply would do as gcloud commands. */
export async function printCommands(call: DeployCall): Promise<DeployExit> {
  const changes = await currentPlan(call, connectionOf(call));
  const script = gcloudScript(call.config, changes, await functionsFolder());
  if (call.json) call.screen.json({ script });
  else call.screen.data(script.trimEnd());
  return isUpToDate(changes) ? 0 : EXIT_DIFFERS;
}
