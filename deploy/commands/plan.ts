import { type DeployCall, type DeployExit, EXIT_DIFFERS } from '../../shared/ports/deploy-program.ts';
import type { Connection } from '../google/connection.ts';
import { googleProviders } from '../google/providers.ts';
import { type Change, isUpToDate, observe, plan } from '../plan/plan.ts';
import { connectionOf, projectTable } from '../project-table.ts';
import { planRecord, planView } from '../view/plan-view.ts';

const NEXT = `Nothing was changed. To change it: vicinity deploy apply. As gcloud commands: vicinity deploy plan --gcloud.`;

/** Shows how the project differs from the table; changes nothing. */
export async function showPlan(call: DeployCall): Promise<DeployExit> {
  const { config, screen, json } = call;
  const changes = await currentPlan(call, connectionOf(call));
  const upToDate = isUpToDate(changes);
  if (json) screen.json(planRecord(config, changes));
  else screen.data(planView(config, changes, screen.columns, screen.paint));
  if (!upToDate) screen.note(NEXT);
  return upToDate ? 0 : EXIT_DIFFERS;
}

export async function currentPlan(call: DeployCall, connection: Connection): Promise<Change[]> {
  const table = await projectTable(call, connection);
  const observed = await observe(table, googleProviders(connection), (done) =>
    call.screen.live.draw(`reading ${done} of ${table.length} …`),
  );
  call.screen.live.clear();
  return plan(table, observed);
}
