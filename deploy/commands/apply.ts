import { recordDeployedConfig } from '../../shared/config/deployed.ts';
import { PermissionError } from '../../shared/errors.ts';
import { storageObjects } from '../../shared/google/storage-objects.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { DeployCall, DeployExit } from '../../shared/ports/deploy-program.ts';
import { bar } from '../../shared/text/bar.ts';
import { googleProviders } from '../google/providers.ts';
import { type ApplyObserver, apply } from '../plan/apply.ts';
import type { Change } from '../plan/plan.ts';
import { connectionOf, projectTable } from '../project-table.ts';
import { idOf } from '../table/resource.ts';

const BAR_CELLS = 24;
const DONE = { create: 'created', update: 'changed', none: 'as it was' } as const;

/** Brings the project to what the table says, and tells every step. */
export async function applyTable(call: DeployCall): Promise<DeployExit> {
  const { screen, clock, json } = call;
  const connection = connectionOf(call);
  const table = await projectTable(call, connection);
  const providers = googleProviders(connection);
  const changed = await apply({ table, providers, clock, observer: observer(call, table.length) });
  await recordConfig(call);
  screen.live.clear();
  const record = { resources: table.length, changed: changed.flatMap(changeRecord) };
  if (json) screen.json(record satisfies Output<'apply'>);
  else if (changed.length === 0) screen.data(`All ${table.length} resources were as they should be.`);
  else
    screen.data(
      `${changed.length} of ${table.length} resources created or changed. The rest was as it should be.`,
    );
  return 0;
}

/** For `push` and `run`, which warn of another vicinity.yaml. The deployment is complete without it. */
async function recordConfig({ config, screen }: DeployCall): Promise<void> {
  try {
    await recordDeployedConfig(storageObjects(config.bucket, config.project), config);
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    screen.note(
      `The deployed configuration could not be recorded, so a stale vicinity.yaml goes unnoticed: ${error.message}`,
    );
  }
}

/** A line per resource that changes, and the bar below. */
function observer({ screen }: DeployCall, total: number): ApplyObserver {
  let done = 0;
  const draw = (what: string) =>
    screen.live.draw(`${bar(done / total, BAR_CELLS)} ${done} of ${total}  ${what}`);
  return {
    started: ({ resource }) => draw(idOf(resource)),
    waiting: (resource, { message }) => screen.note(`  waiting: ${idOf(resource)}: ${message}`),
    onChange(change) {
      done += 1;
      if (change.action !== 'none')
        screen.note(`${screen.paint('green', '✓')} ${idOf(change.resource)} ${DONE[change.action]}`);
      draw(idOf(change.resource));
    },
  };
}

function changeRecord({ action, resource: { kind, name } }: Change) {
  return action === 'none' ? [] : [{ action, kind, name }];
}
